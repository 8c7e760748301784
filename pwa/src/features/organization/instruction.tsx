import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { answer, api, explain, useForm, type components } from '../../api';
import { may, me } from '../../app/session';
import { formatDateTime, language } from '../../i18n';
import { snapshot } from '../../offline/snapshot';
import { common, orNull, usePages } from '../../people';
import {
  Button,
  Checkbox,
  Choice,
  Dialog,
  ErrorState,
  Facts,
  FormProblem,
  Notice,
  Section,
  Select,
  Skeleton,
  TextField,
  toast,
} from '../../ui';
import { t } from './words';
import './organization.css';

type Instruction = components['schemas']['InstructionOut'];
type InstructionIn = components['schemas']['InstructionIn'];
type Purpose = InstructionIn['purposes'][number];
type Alternative = InstructionIn['alternatives'][number];

const PURPOSES: readonly Purpose[] = ['attendance', 'safety'];
const ALTERNATIVES: readonly Alternative[] = ['button', 'kiosk', 'qr', 'manager'];
/** Consent stands last, and nothing is chosen beforehand. */
const BASES = ['legitimate_interest', 'legal_obligation', 'contract', 'vital_interest', 'public_task', 'consent'] as const;

const notice = () =>
  snapshot(`notice/${language.value}`, async () => ({
    value: await answer(api.GET('/api/v1/privacy/notice', { params: { query: { locale: language.value } } })),
  }));

function Several<V extends string>({
  label,
  names,
  all,
  value,
  onValue,
  error,
}: {
  label: string;
  names: Readonly<Record<V, string>>;
  all: readonly V[];
  value: V[];
  onValue: (value: V[]) => void;
  error: string | undefined;
}) {
  return (
    <fieldset>
      <legend>
        <strong>{label}</strong>
      </legend>
      {all.map((one) => (
        <Checkbox
          key={one}
          label={names[one]}
          value={value.includes(one)}
          onValue={(on) => onValue(all.filter((other) => (other === one ? on : value.includes(other))))}
        />
      ))}
      {error && <p class="error">{error}</p>}
    </fieldset>
  );
}

function Sign({ onDone }: { onDone: () => void }) {
  const words = t().instruction;
  const asked = notice();
  useEffect(() => void asked.open(), []);
  const form = useForm(
    {
      signed_by: me.value?.name ?? '',
      signed_role: '',
      purposes: ['attendance'] as Purpose[],
      legal_basis: '' as InstructionIn['legal_basis'] | '',
      alternatives: ['button'] as Alternative[],
      dpia_reference: '',
      works_council_reference: '',
      evaluation: 'on_server' as 'on_server' | 'on_device',
      notice_version: '',
    },
    async (values) => {
      const body = {
        ...values,
        legal_basis: values.legal_basis as InstructionIn['legal_basis'],
        notice_version: asked.value.value?.version ?? '',
        dpia_reference: orNull(values.dpia_reference),
        works_council_reference: orNull(values.works_council_reference),
      };
      await answer(api.POST('/api/v1/privacy/instructions', { body }));
      toast(words.signed);
      onDone();
    },
  );
  const text = asked.value.value;
  return (
    <Section title={words.signTitle} about={words.signAbout}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        <Several {...form.field('purposes')} label={words.purposes} names={words.purposeNames} all={PURPOSES} />
        <div class="stack narrow">
          <Select
            {...form.field('legal_basis')}
            label={words.basis}
            hint={words.basisHint}
            options={[
              { value: '' as const, label: words.choose },
              ...BASES.map((value) => ({ value, label: words.bases[value] ?? value })),
            ]}
          />
        </div>
        {form.values.legal_basis === 'consent' && <Notice tone="warn">{words.consentWarning}</Notice>}
        <Several {...form.field('alternatives')} label={words.alternatives} names={words.alternativeNames} all={ALTERNATIVES} />
        <div class="stack narrow">
          <TextField {...form.field('dpia_reference')} label={words.dpia} hint={words.dpiaHint} maxLength={200} autocomplete="off" />
          <TextField
            {...form.field('works_council_reference')}
            label={words.council}
            hint={words.councilHint}
            maxLength={200}
            autocomplete="off"
          />
        </div>
        <Choice
          label={words.evaluation}
          value={form.values.evaluation}
          options={[
            { value: 'on_server', label: words.evaluations.on_server },
            { value: 'on_device', label: words.evaluations.on_device },
          ]}
          onValue={(evaluation) => form.set({ evaluation })}
        />
        <p class="hint">{words.evaluationHint[form.values.evaluation]}</p>
        {text && (
          <details>
            <summary>{words.notice(text.version)}</summary>
            <div class="published">{text.text}</div>
          </details>
        )}
        {form.field('notice_version').error && <p class="error">{form.field('notice_version').error}</p>}
        <div class="stack narrow">
          <TextField {...form.field('signed_by')} label={words.signedBy} maxLength={200} autocomplete="name" required />
          <TextField {...form.field('signed_role')} label={words.signedRole} hint={words.roleHint} maxLength={200} required />
        </div>
        <p class="muted">{words.signText}</p>
        <div class="actions start">
          <Button look="primary" {...form.submit} disabled={!text}>
            {words.sign}
          </Button>
        </div>
      </form>
    </Section>
  );
}

function WithdrawDialog({ id, onClose, onDone }: { id: string; onClose: () => void; onDone: () => void }) {
  const words = t().instruction;
  const form = useForm({ withdrawn_by: me.value?.name ?? '' }, async (body) => {
    const params = { path: { instruction_id: id } };
    await answer(api.POST('/api/v1/privacy/instructions/{instruction_id}/withdraw', { params, body }));
    toast(words.withdrawn);
    onDone();
    onClose();
  });
  return (
    <Dialog title={words.withdrawTitle} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        <p>{words.withdrawText}</p>
        <TextField {...form.field('withdrawn_by')} label={words.withdrawnBy} maxLength={200} autocomplete="name" required />
        <div class="actions">
          <Button look="danger" {...form.submit}>
            {words.withdraw}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Warnings({ of }: { of: Instruction }) {
  const words = t().instruction;
  return (
    <>
      {of.legal_basis === 'consent' && <Notice tone="warn">{words.consentWarning}</Notice>}
      {of.dpia_reference === null && <Notice tone="warn">{words.dpiaWarning}</Notice>}
    </>
  );
}

function Terms({ of }: { of: Instruction }) {
  const words = t().instruction;
  const names = (known: Readonly<Record<string, string>>, all: readonly string[]) =>
    all.map((one) => <div key={one}>{known[one] ?? one}</div>);
  return (
    <Facts
      of={[
        [words.signedBy, `${of.signed_by}, ${of.signed_role}`],
        [words.since, formatDateTime(of.signed_at)],
        [words.purposes, names(words.purposeNames, of.purposes)],
        [words.basis, names(words.bases, [of.legal_basis])],
        [words.alternatives, names(words.alternativeNames, of.alternatives)],
        [words.evaluation, words.evaluations[of.evaluation]],
        [words.dpia, of.dpia_reference],
        [words.council, of.works_council_reference],
        [words.noticeVersion, of.notice_version],
        [words.withdrawnSince, of.withdrawn_at && `${formatDateTime(of.withdrawn_at)}, ${of.withdrawn_by}`],
      ]}
    />
  );
}

/** The organization's request to process locations: the one that holds, signing another, and all before. */
export function Instructions() {
  const pages = usePages('instructions', (cursor) =>
    answer(api.GET('/api/v1/privacy/instructions', { params: { query: { limit: 20, ...(cursor && { cursor }) } } })),
  );
  const withdrawing = useSignal(false);
  const words = t().instruction;
  const { items, first } = pages;
  if (!items) {
    if (first.failure.value === null) return <Skeleton lines={6} />;
    return <ErrorState explained={explain(first.failure.value)} onRetry={() => void first.refresh()} />;
  }
  const current = items.find((one) => one.withdrawn_at === null);
  const past = items.filter((one) => one.withdrawn_at !== null);
  const mayEdit = may('instruction.edit', 'all');
  const reload = () => void pages.reload();
  return (
    <>
      {current ? (
        <Section title={words.current} actions={mayEdit && <Button onClick={() => (withdrawing.value = true)}>{words.withdraw}</Button>}>
          <Notice tone="good">{words.holds}</Notice>
          <Warnings of={current} />
          <Terms of={current} />
          <p class="muted">{words.fixed}</p>
        </Section>
      ) : (
        <>
          <Notice tone="warn" title={words.none}>
            {mayEdit ? words.noneText : words.onlyOwner}
          </Notice>
          {mayEdit && <Sign onDone={reload} />}
        </>
      )}
      {past.length > 0 && (
        <Section title={words.before}>
          <ul class="lines">
            {past.map((one) => (
              <li key={one.id}>
                <details>
                  <summary>{words.beforeLine(formatDateTime(one.signed_at), one.signed_by)}</summary>
                  <Terms of={one} />
                </details>
              </li>
            ))}
          </ul>
          <FormProblem explained={pages.failure === null ? null : explain(pages.failure)} />
          {pages.more && <Button onClick={() => void pages.more?.()}>{common().more}</Button>}
        </Section>
      )}
      {current && withdrawing.value && <WithdrawDialog id={current.id} onClose={() => (withdrawing.value = false)} onDone={reload} />}
    </>
  );
}
