import { useSignal } from '@preact/signals';
import { Button, Notice, TextField } from '../../../ui';
import { isAway } from '../ask';
import { busy, step, trouble } from '../flow';
import { StepFrame } from '../parts';
import { draft, leave, leaveAs, leaving, showVisit, walkIn } from './flow';
import { form } from './form';
import { digitsIn, walkInTypes } from './reception';
import { t } from './words';

/** On the first screen: the two things that visitors come for. */
export function Doors() {
  const words = t().idle;
  return (
    <div class="doors">
      <Button wide look="primary" icon="arrowRight" onClick={() => (step.value = 'arrive')}>
        {words.arrive}
      </Button>
      <Button
        wide
        icon="signOut"
        onClick={() => {
          leaving.value = true;
          step.value = 'leave';
        }}
      >
        {words.leave}
      </Button>
    </div>
  );
}

/** A code, or none. */
export function ArriveStep() {
  const code = useSignal('');
  const words = t().arrive;
  const digits = digitsIn(code.value);
  if (form.value === null)
    return (
      <StepFrame title={words.heading}>
        <Notice tone="warn" title={words.noForm.title}>
          {words.noForm.text}
        </Notice>
      </StepFrame>
    );
  return (
    <StepFrame title={words.heading}>
      {isAway.value && <Notice tone="warn">{words.away}</Notice>}
      <Button wide look="primary" icon="qr" onClick={() => (step.value = 'scan')}>
        {words.scan}
      </Button>
      <form
        class="stack digits-form"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          if (digits) void showVisit({ code: digits });
        }}
      >
        <TextField
          name="six"
          label={words.code}
          value={code.value}
          onValue={(value) => {
            code.value = value;
            trouble.value = null;
          }}
          inputMode="numeric"
          maxLength={7}
          autocomplete="off"
          required
        />
        <Button type="submit" busy={busy.value} disabled={digits === null}>
          {words.next}
        </Button>
      </form>
      {walkInTypes(form.value).length > 0 && (
        <Button wide icon="edit" onClick={() => walkIn()}>
          {words.walkIn}
        </Button>
      )}
    </StepFrame>
  );
}

/** Somebody who is here already showed their code: most likely they leave. */
export function HereStep() {
  const words = t().here;
  const { found } = draft.value;
  if (!found) return null;
  const { name, visit_id } = found;
  return (
    <StepFrame title={words.heading(name)} back={words.stay}>
      <p class="bye">{words.text}</p>
      <Button
        wide
        look="primary"
        icon="signOut"
        busy={busy.value}
        onClick={() => {
          leaving.value = true;
          void leave({ visit_id });
        }}
      >
        {words.leave}
      </Button>
    </StepFrame>
  );
}

/** The way out. Nobody is listed: a whole name or a code. */
export function LeaveStep() {
  const who = useSignal('');
  const words = t().leave;
  return (
    <StepFrame title={words.heading}>
      <form
        class="stack"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          if (who.value.trim()) void leaveAs(who.value);
        }}
      >
        <TextField
          name="leaver"
          label={words.who}
          hint={words.hint}
          value={who.value}
          onValue={(value) => {
            who.value = value;
            trouble.value = null;
          }}
          maxLength={200}
          autocomplete="off"
          required
        />
        <Button type="submit" look="primary" wide icon="signOut" busy={busy.value}>
          {words.next}
        </Button>
      </form>
      <p class="or" aria-hidden="true">
        {words.or}
      </p>
      <Button wide icon="qr" onClick={() => (step.value = 'scan')}>
        {words.scan}
      </Button>
    </StepFrame>
  );
}
