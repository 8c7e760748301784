import { useSignal } from '@preact/signals';
import { useForm } from '../../api';
import { dayOf } from '../../i18n';
import { common, groups, nameOf, PersonPicker, sites, useEdit, validWords, weekWords, WeeklyFields, type Person } from '../../people';
import { Button, Choice, Dialog, FormProblem, NumberField, Select, TextField, toast } from '../../ui';
import { addShift, addWindow, editShift, editWindow, type Holder, isShift, type Kind, readShift, readWindow, type Row } from './store';
import { t } from './words';

interface TimesDialogProps {
  kind: Kind;
  /** What is changed, as it was read when the dialog was opened; null: a new one. */
  opened: { value: Row; etag: string } | null;
  /** For whom a new one begins. */
  holder: Holder;
  onClose: () => void;
  onDone: () => void;
}

const EVERY_WORKDAY = [1, 2, 3, 4, 5];

function start(row: Row | null) {
  return {
    name: row && isShift(row) ? row.name : '',
    weekdays: row?.weekdays ?? EVERY_WORKDAY,
    starts_at: row?.starts_at ?? '09:00',
    ends_at: row?.ends_at ?? '17:00',
    valid_from: dayOf(Date.now()) > (row?.valid_from ?? '') ? dayOf(Date.now()) : (row?.valid_from ?? ''),
    valid_until: row?.valid_until ?? '',
    break_minutes: (row && isShift(row) ? row.break_minutes : 30) as number | null,
    site_id: (row && isShift(row) ? row.site_id : null) ?? '',
    person_id: '',
    group_id: '',
  };
}

function Whose({
  person,
  group_id,
  asGroup,
  errors,
}: {
  person: { value: Person | null };
  group_id: { value: string };
  asGroup: { value: boolean };
  errors: { person: string | undefined; group: string | undefined };
}) {
  const words = t().form;
  const known = groups().value.value ?? [];
  return (
    <>
      <Choice
        label={words.forWhom}
        value={asGroup.value ? 'group' : 'person'}
        options={[
          { value: 'group', label: words.group },
          { value: 'person', label: words.person },
        ]}
        onValue={(which) => (asGroup.value = which === 'group')}
      />
      {asGroup.value ? (
        <Select
          name="group_id"
          label={words.group}
          value={group_id.value}
          error={errors.group}
          options={[{ value: '', label: words.choose }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
          onValue={(id) => (group_id.value = id)}
        />
      ) : (
        <PersonPicker label={words.person} value={person.value} onValue={(one) => (person.value = one)} error={errors.person} />
      )}
    </>
  );
}

/** Whose it is, in words. */
export function holderName({ person_id, group_id }: Holder): string {
  if (person_id) return nameOf(person_id);
  return groups().value.value?.find((group) => group.id === group_id)?.name ?? t().goneGroup;
}

/** A new shift or working window, or a change of one: the old one ends and the new one goes on in its place. */
export function TimesDialog({ kind, opened, holder, onClose, onDone }: TimesDialogProps) {
  const words = t().form;
  const row = opened?.value ?? null;
  const person = useSignal<Person | null>(null);
  const group_id = useSignal(holder.group_id ?? '');
  const asGroup = useSignal(true);
  const isGiven = Boolean(row ?? holder.person_id);
  const edit = useEdit<Row>(opened?.etag ?? '', () => (kind === 'shifts' ? readShift(row?.id ?? '') : readWindow(row?.id ?? '')));
  const form = useForm(start(row), async (values) => {
    const { weekdays, starts_at, ends_at, valid_from } = values;
    const weekly = { weekdays, starts_at, ends_at, valid_from, valid_until: values.valid_until || null, timezone: row?.timezone ?? null };
    const whose: Holder = isGiven
      ? holder
      : { person_id: asGroup.value ? null : (person.value?.id ?? null), group_id: asGroup.value ? group_id.value || null : null };
    if (kind === 'shifts') {
      const body = { ...weekly, name: values.name, break_minutes: values.break_minutes ?? 0, site_id: values.site_id || null };
      await (row ? edit.save((match) => editShift(row.id, body, match)) : addShift(whose, body));
    } else await (row ? edit.save((match) => editWindow(row.id, weekly, match)) : addWindow(whose, weekly));
    toast(words.saved);
    onDone();
    onClose();
  });
  const known = (sites().value.value ?? []).filter((site) => site.retired_at === null);
  const isEmpty = !isGiven && (asGroup.value ? !group_id.value : !person.value);
  return (
    <Dialog title={row ? words.change[kind] : words.add[kind]} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        {edit.theirs && (
          <p>
            {common().clash} {common().savedNow(`${weekWords(edit.theirs)}, ${validWords(edit.theirs)}`)}
          </p>
        )}
        {isGiven ? (
          <p>
            {words.forWhom}: <strong>{holderName(row ?? holder)}</strong>
          </p>
        ) : (
          <Whose
            {...{ person, group_id, asGroup }}
            errors={{ person: form.field('person_id').error, group: form.field('group_id').error }}
          />
        )}
        {kind === 'shifts' && (
          <TextField {...form.field('name')} label={words.name} hint={words.nameHint} maxLength={100} autocomplete="off" required />
        )}
        <WeeklyFields form={form} />
        {kind === 'shifts' && (
          <>
            <NumberField {...form.field('break_minutes')} label={words.pause} unit={words.minutes} min={0} max={720} required />
            {known.length > 0 && (
              <Select
                {...form.field('site_id')}
                required={false}
                label={words.site}
                options={[{ value: '', label: words.anySite }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
              />
            )}
          </>
        )}
        {row && <p class="hint">{words.replaces[kind]}</p>}
        <div class="actions">
          <Button look="primary" {...form.submit} disabled={isEmpty}>
            {isEmpty ? words.chooseFirst : words.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
