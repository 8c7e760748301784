import { useSignal } from '@preact/signals';
import { formatDay, formatTime, dayOf } from '../../i18n';
import { serverTime_ms } from '../../offline/clock';
import { Button, now, TextField } from '../../ui';
import { busy, giveNumber, showName, step, trouble, typed } from './flow';
import { kiosk } from './device';
import { StepFrame, Troubles } from './parts';
import { receives } from './visit/form';
import { Doors } from './visit/welcome';
import { t as visit } from './visit/words';
import { t } from './words';

/** The time by the server's clock. Anew with every tick of `now`. */
function Clock() {
  const at = now.value && serverTime_ms();
  return (
    <p class="clock">
      <time>{formatTime(at)}</time>
      <span>{formatDay(dayOf(at))}</span>
    </p>
  );
}

/** The first screen: nobody stands here. */
export function IdleStep() {
  const words = visit().idle;
  const isForWork = kiosk.value?.modules?.includes('attendance') ?? true; // not said: heard before there were visitors
  if (!receives())
    return (
      <div class="step">
        <Clock />
        <h1 tabIndex={-1}>{t().idle.heading}</h1>
        <ClockIn />
      </div>
    );
  return (
    <div class={isForWork ? 'step both' : 'step'}>
      <Clock />
      <section class="stack" aria-label={words.visiting}>
        <h1 tabIndex={-1}>{isForWork ? words.visiting : words.welcome}</h1>
        {!isForWork && <Troubles />}
        <Doors />
      </section>
      {isForWork && (
        <section class="stack" aria-label={t().idle.heading}>
          <h2>{t().idle.heading}</h2>
          <ClockIn />
        </section>
      )}
    </div>
  );
}

/** Whoever works here: a name or a code. */
function ClockIn() {
  const words = t().idle;
  return (
    <>
      <Troubles />
      <form
        class="stack"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.value.trim()) void showName();
        }}
      >
        <TextField
          name="whoever"
          label={words.name}
          hint={words.nameHint}
          value={typed.value}
          onValue={(value) => {
            typed.value = value;
            trouble.value = null;
          }}
          maxLength={200}
          autocomplete="off"
          required
        />
        <Button type="submit" look={receives() ? 'plain' : 'primary'} wide icon="arrowRight" busy={busy.value}>
          {words.next}
        </Button>
      </form>
      <p class="or" aria-hidden="true">
        {words.or}
      </p>
      <div class="stack tight">
        <Button wide icon="qr" onClick={() => (step.value = 'scan')}>
          {words.scan}
        </Button>
        <p class="hint">{words.scanHint}</p>
      </div>
    </>
  );
}

/** Several people have one name. */
export function NumberStep() {
  const number = useSignal('');
  const words = t().number;
  return (
    <StepFrame title={words.heading}>
      <form
        class="stack"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          if (number.value.trim()) void giveNumber(number.value.trim());
        }}
      >
        <TextField
          name="number"
          label={words.label}
          hint={words.hint}
          value={number.value}
          onValue={(value) => (number.value = value)}
          maxLength={50}
          autocomplete="off"
          required
        />
        <Button type="submit" look="primary" wide busy={busy.value}>
          {words.next}
        </Button>
      </form>
    </StepFrame>
  );
}
