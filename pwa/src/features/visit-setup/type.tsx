/** One kind of visit: what it asks and why, how long it lasts, and how long it is kept. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain, useForm } from '../../api';
import { addType, type Ask, editType, type Field, FIELDS, readType, VISIT_KINDS, type VisitKind, type VisitType } from '../../api/visits';
import { navigate, type ScreenProps } from '../../app/router';
import { common, useEdit } from '../../people';
import { Button, Checkbox, ErrorState, FormProblem, NumberField, Page, Section, Select, Skeleton, TextField, toast } from '../../ui';
import { agreements } from './rules-api';
import { types } from './store';
import { t } from './words';
import './visit-setup.css';

const BACK = '/visit-setup';
const LOCALES = ['nl', 'en'] as const;

function valuesOf(of: VisitType | null) {
  return {
    name: of?.name ?? '',
    kind: (of?.kind ?? 'visitor') as VisitKind,
    fields: (of?.fields ?? {}) as Partial<Record<Field, Ask>>,
    agreement_ids: of?.agreement_ids ?? [],
    ends_after_min: (of?.ends_after_min ?? 480) as number | null,
    assumed_after_min: (of?.assumed_after_min ?? 240) as number | null,
    overstay_after_min: of?.overstay_after_min ?? null,
    walk_in: of?.walk_in ?? true,
    approval: of?.approval ?? false,
    badge: of?.badge ?? true,
    keep_days: (of?.keep_days ?? 30) as number | null,
  };
}

const hasPurpose = (ask: Ask) => LOCALES.some((locale) => ask.purpose[locale]?.trim());

/** What is sent: purposes without the languages that were left empty. */
function bodyOf(values: ReturnType<typeof valuesOf>) {
  const asks = Object.entries(values.fields).map(([field, ask]) => {
    const purpose = Object.fromEntries(Object.entries(ask.purpose).filter(([, text]) => text.trim()));
    return [field, { ...ask, purpose }];
  });
  return {
    ...values,
    fields: Object.fromEntries(asks) as Partial<Record<Field, Ask>>,
    ends_after_min: values.ends_after_min ?? 480,
    assumed_after_min: values.assumed_after_min ?? 0,
    keep_days: values.keep_days ?? 30,
  };
}

function AskedField({
  field,
  ask,
  wrong,
  onAsk,
}: {
  field: Field;
  ask: Ask | undefined;
  wrong: boolean;
  onAsk: (ask: Ask | null) => void;
}) {
  const words = t().type;
  return (
    <div class="visit-ask">
      <Checkbox
        name={field}
        label={words.field[field]}
        value={ask !== undefined}
        onValue={(on) => onAsk(on ? { purpose: {}, days: 1, required: false } : null)}
      />
      {ask && (
        <div class="stack visit-ask-more" role="group" aria-label={words.field[field]}>
          {LOCALES.map((locale, place) => (
            <TextField
              key={locale}
              name={`${field}-${locale}`}
              label={words.purpose[locale]}
              hint={place === 0 ? words.purposeHint : undefined}
              error={wrong && place === 0 && !hasPurpose(ask) ? words.missing : undefined}
              value={ask.purpose[locale] ?? ''}
              maxLength={300}
              onValue={(text) => onAsk({ ...ask, purpose: { ...ask.purpose, [locale]: text } })}
            />
          ))}
          <NumberField
            name={`${field}-days`}
            label={words.keep}
            unit={t().days}
            min={1}
            max={400}
            value={ask.days}
            onValue={(days) => onAsk({ ...ask, days: days ?? 1 })}
            required
          />
          <Checkbox
            name={`${field}-required`}
            label={words.required}
            value={ask.required}
            onValue={(required) => onAsk({ ...ask, required })}
          />
        </div>
      )}
    </div>
  );
}

function TypeForm({ opened }: { opened: { value: VisitType; etag: string } | null }) {
  const words = t();
  const of = opened?.value ?? null;
  const wrong = useSignal(false);
  const edit = useEdit<VisitType>(opened?.etag ?? '', () => readType(of?.id ?? ''));
  const form = useForm(valuesOf(of), async (values) => {
    wrong.value = !Object.values(values.fields).every(hasPurpose);
    if (wrong.value) return;
    const body = bodyOf(values);
    await (of ? edit.save((match) => editType(of.id, body, match)) : addType(body));
    toast(words.saved(values.name));
    void types(false).refresh();
    navigate(BACK);
  });
  const ask = (field: Field, said: Ask | null) => {
    const { [field]: _, ...rest } = form.values.fields;
    form.set({ fields: said ? { ...rest, [field]: said } : rest });
  };
  const known = (agreements().value.value ?? []).filter((one) => !one.retired_at);
  const { agreement_ids } = form.values;
  const minutes = { unit: words.type.minutes, min: 0, max: 2_880 };
  return (
    <form class="stack" {...form.props}>
      <FormProblem {...form.problem} />
      {edit.theirs && <p>{common().clash}</p>}
      <Section>
        <TextField {...form.field('name')} label={words.name} maxLength={100} autocomplete="off" required />
        <Select {...form.field('kind')} label={words.kind} options={VISIT_KINDS.map((value) => ({ value, label: words.kinds[value] }))} />
        <Checkbox {...form.field('walk_in')} label={words.type.walkIn} />
        <Checkbox {...form.field('approval')} label={words.type.approval} />
        <Checkbox {...form.field('badge')} label={words.type.badge} />
        <NumberField
          {...form.field('keep_days')}
          label={words.type.visitKept}
          hint={words.type.keepHint}
          unit={words.days}
          min={1}
          max={400}
          required
        />
      </Section>
      <Section title={words.type.fields} about={words.type.fieldsAbout}>
        {FIELDS.map((field) => (
          <AskedField key={field} field={field} ask={form.values.fields[field]} wrong={wrong.value} onAsk={(said) => ask(field, said)} />
        ))}
      </Section>
      {known.length > 0 && (
        <Section title={words.type.agreements}>
          {known.map((one) => (
            <Checkbox
              key={one.id}
              name={one.id}
              label={one.name}
              value={agreement_ids.includes(one.id)}
              onValue={(on) => form.set({ agreement_ids: on ? [...agreement_ids, one.id] : agreement_ids.filter((id) => id !== one.id) })}
            />
          ))}
        </Section>
      )}
      <Section title={words.type.stay}>
        <NumberField {...form.field('ends_after_min')} label={words.type.ends} unit={words.type.minutes} min={5} max={10_080} required />
        <NumberField {...form.field('assumed_after_min')} label={words.type.assumed} {...minutes} required />
        <NumberField {...form.field('overstay_after_min')} label={words.type.overstay} hint={words.type.overstayHint} {...minutes} />
      </Section>
      <div class="actions">
        <Button look="primary" {...form.submit}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}

export default function VisitTypeScreen({ params }: ScreenProps) {
  const words = t();
  const id = params['type_id'] ?? 'new';
  const opened = useSignal<{ value: VisitType; etag: string } | null>(null);
  const failure = useSignal<unknown>(null);
  const open = async () => {
    failure.value = null;
    try {
      opened.value = await readType(id);
    } catch (error) {
      failure.value = error;
    }
  };
  useEffect(() => {
    void agreements().open();
    if (id !== 'new') void open();
  }, [id]);
  const isReady = id === 'new' || opened.value !== null;
  return (
    <Page title={opened.value ? words.type.change(opened.value.value.name) : words.type.new} back={{ href: BACK, label: words.title }}>
      {isReady ? (
        <TypeForm opened={opened.value} />
      ) : failure.value === null ? (
        <Skeleton lines={6} />
      ) : (
        <ErrorState explained={explain(failure.value)} onRetry={() => void open()} />
      )}
    </Page>
  );
}
