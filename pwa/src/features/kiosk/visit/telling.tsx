import { useSignal } from '@preact/signals';
import type { Asked, Field } from '../../../api/kiosk-visits-types';
import { language } from '../../../i18n';
import { Button, Choice, Notice, Prose, TextField } from '../../../ui';
import { busy } from '../flow';
import { StepFrame } from '../parts';
import { change, draft, named, onwards } from './flow';
import { form } from './form';
import { Photo } from './photo';
import { asksOf, nextAgreement, purposeOf, textOf, walkInTypes } from './reception';
import { t } from './words';

/** Who walks in, for what and for whom. */
export function NameStep() {
  const words = t().name;
  const types = walkInTypes(form.value);
  return (
    <StepFrame title={words.heading}>
      {draft.value.known && (
        <Notice tone="warn" title={words.unlooked.title}>
          {words.unlooked.text}
        </Notice>
      )}
      <form
        class="stack"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          if (draft.value.name.trim()) void named();
        }}
      >
        <TextField
          name="visitor"
          label={words.name}
          value={draft.value.name}
          onValue={(name) => change({ name })}
          maxLength={200}
          autocomplete="off"
          required
        />
        {types.length > 1 && (
          <Choice
            label={words.type}
            value={draft.value.type_id}
            options={types.map(({ id, name }) => ({ value: id, label: name }))}
            onValue={(type_id) => change({ type_id, fields: {}, agreed: [] })}
          />
        )}
        <TextField
          name="whom"
          label={words.host}
          hint={words.hostHint}
          value={draft.value.host_name}
          onValue={(host_name) => change({ host_name })}
          maxLength={200}
          autocomplete="off"
        />
        <Button type="submit" look="primary" wide icon="arrowRight" busy={busy.value}>
          {words.next}
        </Button>
      </form>
    </StepFrame>
  );
}

const LOOKS = {
  company: { maxLength: 200 },
  telephone: { type: 'tel', maxLength: 30 },
  email: { type: 'email', maxLength: 254 },
  plate: { maxLength: 20 },
} as const satisfies Record<Exclude<Field, 'photo'>, object>;

/** One thing that is asked, why, and until when it is kept. */
function AskedField({ asked }: { asked: Asked }) {
  const { field, days, required } = asked;
  const label = t().details.fields[field];
  const hint = `${purposeOf(asked, language.value)} ${t().details.days(days)}`.trim();
  const value = draft.value.fields[field] ?? '';
  const onValue = (next: string) => change({ fields: { ...draft.value.fields, [field]: next } });
  if (field === 'photo') return <Photo {...{ label, hint, value, onValue, required }} />;
  return <TextField name={`visitor-${field}`} {...{ label, hint, value, onValue, required }} {...LOOKS[field]} autocomplete="off" />;
}

/** What is asked beyond the name. Somebody with an invitation sees here that it is theirs. */
export function DetailsStep() {
  const words = t().details;
  const { found } = draft.value;
  const asks = asksOf(draft.value, form.value);
  const missing = asks.some(({ field, required }) => field === 'photo' && required && !draft.value.fields.photo);
  const isLast = nextAgreement(draft.value, form.value) === null;
  return (
    <StepFrame title={words.hello(draft.value.name)} back={found ? words.notMe : undefined}>
      {found?.host && <p class="bye">{words.forHost(found.host)}</p>}
      <form
        class="stack"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          if (!missing) void onwards();
        }}
      >
        {asks.length > 0 && <p class="hint">{words.about}</p>}
        {asks.map((asked) => (
          <AskedField key={asked.field} asked={asked} />
        ))}
        <Button type="submit" look="primary" wide icon={isLast ? 'check' : 'arrowRight'} busy={busy.value} disabled={missing}>
          {isLast ? words.signIn : words.next}
        </Button>
      </form>
    </StepFrame>
  );
}

/** One text to agree to. Its version, language and fingerprint go along with the answer. */
export function AgreeStep() {
  const declined = useSignal(false);
  const words = t().agree;
  const agreement = nextAgreement(draft.value, form.value);
  const read = agreement && textOf(agreement, language.value);
  if (!agreement || !read) return <StepFrame title={words.declined.title}>{words.declined.text}</StepFrame>;
  if (declined.value)
    return (
      <StepFrame title={agreement.name}>
        <Notice tone="warn" title={words.declined.title}>
          {words.declined.text}
        </Notice>
        <Button wide look="primary" onClick={() => (declined.value = false)}>
          {words.back}
        </Button>
      </StepFrame>
    );
  return (
    <StepFrame title={agreement.name}>
      {read.agreed.locale !== language.value && <Notice>{words.other}</Notice>}
      <div class="agreement" lang={read.agreed.locale} tabIndex={0} role="region" aria-label={agreement.name}>
        <Prose text={read.text} />
      </div>
      <Button
        wide
        look="primary"
        icon="check"
        busy={busy.value}
        onClick={() => {
          change({ agreed: [...draft.value.agreed, read.agreed] });
          void onwards();
        }}
      >
        {words.agree}
      </Button>
      <Button wide onClick={() => (declined.value = true)}>
        {words.decline}
      </Button>
    </StepFrame>
  );
}
