/** Who receives my visitors when I do not come. */
import { useEffect } from 'preact/hooks';
import { useForm } from '../../api';
import { type Delegate, readDelegate, writeDelegate } from '../../api/visits';
import { byName } from '../../i18n';
import { snapshot } from '../../offline/snapshot';
import { common, groups, person, PersonPicker, useEdit, type Person } from '../../people';
import { Button, FormProblem, Section, Select, toast } from '../../ui';
import { t } from './words';

const delegate = (person_id: string) => snapshot(`delegate/${person_id}`, () => readDelegate(person_id));

function StandInForm({ person_id, kept, etag, who }: { person_id: string; kept: Delegate; etag: string; who: Person | null }) {
  const words = t().standIn;
  const edit = useEdit<Delegate>(etag, () => readDelegate(person_id));
  const form = useForm({ delegate_id: who, department_id: kept.department_id ?? '' }, async (values) => {
    const body = { delegate_id: values.delegate_id?.id ?? null, department_id: values.department_id || null };
    await edit.save((match) => writeDelegate(person_id, body, match));
    toast(words.saved);
    await delegate(person_id).refresh();
  });
  const known = (groups().value.value ?? []).filter((one) => !one.retired_at && !one.rule).toSorted(byName((one) => one.name));
  const { name: _, ...chosen } = form.field('delegate_id');
  return (
    <form class="stack" {...form.props}>
      <FormProblem {...form.problem} />
      {edit.theirs && <p>{common().clash}</p>}
      <PersonPicker {...chosen} label={words.who} hint={words.hint} />
      <Select
        {...form.field('department_id')}
        label={words.department}
        required={false}
        options={[{ value: '', label: words.none }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
      />
      <div class="actions start">
        <Button {...form.submit}>{t().save}</Button>
      </div>
    </form>
  );
}

export function StandIn({ person_id }: { person_id: string }) {
  const words = t().standIn;
  const asked = delegate(person_id);
  const delegate_id = asked.value.value?.delegate_id;
  const who = delegate_id ? person(delegate_id) : null;
  useEffect(() => {
    void asked.open();
    void groups().open();
  }, [person_id]);
  useEffect(() => void who?.open(), [delegate_id]);
  const kept = asked.value.value;
  if (!kept || asked.loading.value || (who && !who.value.value && !who.failure.value)) return null;
  return (
    <Section title={words.title} about={words.about}>
      <StandInForm key={asked.etag.value ?? ''} {...{ person_id, kept, etag: asked.etag.value ?? '', who: who?.value.value ?? null }} />
    </Section>
  );
}
