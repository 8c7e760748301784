import { useEffect } from 'preact/hooks';
import { explain, useForm } from '../../api';
import { navigate, type ScreenProps } from '../../app/router';
import { LANGUAGES, type Language } from '../../i18n';
import { called, common, orNull, person as personOf, sites, useEdit, type Person } from '../../people';
import { Button, ButtonLink, ErrorState, FormProblem, Page, Section, Select, Skeleton, TextField, toast } from '../../ui';
import { addPerson, editPerson, readPerson, type PersonIn } from './store';
import { t } from './words';

type Values = Record<keyof PersonIn, string>;

const FIELDS = ['name', 'telephone', 'email', 'employee_number', 'locale', 'site_id'] as const;

const valuesOf = (person: Person | null): Values =>
  Object.fromEntries(FIELDS.map((field) => [field, person?.[field] ?? ''])) as unknown as Values;

const bodyOf = (values: Values): PersonIn => ({
  name: orNull(values.name),
  telephone: orNull(values.telephone),
  email: orNull(values.email),
  employee_number: orNull(values.employee_number),
  locale: (values.locale || null) as Language | null,
  site_id: values.site_id || null,
});

function PersonForm({ person, etag }: { person: Person | null; etag: string }) {
  const words = t().edit;
  const edit = useEdit(etag, () => readPerson(person?.id ?? ''));
  const form = useForm<Values>(valuesOf(person), async (values) => {
    if (!person) {
      const made = await addPerson(bodyOf(values));
      toast(words.added(called(made)));
      return navigate(`/people/${made.id}`, { replace: true });
    }
    await edit.save((match) => editPerson(person.id, bodyOf(values), match));
    toast(words.saved);
    await personOf(person.id).refresh();
    navigate(`/people/${person.id}`, { replace: true });
  });
  const known = (sites().value.value ?? []).filter((site) => site.retired_at === null);
  const said = (field: keyof Values, value: string) =>
    field === 'site_id'
      ? known.find((site) => site.id === value)?.name
      : field === 'locale'
        ? words.languages[value as Language]
        : value || undefined;
  const field = (name: keyof Values, hint?: string) => {
    const theirs = edit.theirs && (edit.theirs[name] ?? '');
    const differs = theirs !== null && theirs !== form.values[name];
    const told = differs ? common().savedNow(said(name, theirs) ?? common().nothing) : hint;
    return { ...form.field(name), label: words[name], ...(told && { hint: told }) };
  };
  return (
    <Section>
      <form class="stack narrow" {...form.props}>
        <FormProblem {...form.problem} />
        {edit.theirs && <p>{common().clash}</p>}
        <TextField {...field('name', words.nameHint)} maxLength={200} autocomplete="off" required={form.values.telephone.trim() === ''} />
        <TextField {...field('telephone', words.telephoneHint)} type="tel" maxLength={40} autocomplete="off" />
        <TextField {...field('email')} type="email" maxLength={254} autocomplete="off" />
        <TextField {...field('employee_number')} maxLength={50} autocomplete="off" />
        <Select
          {...field('locale', words.localeHint)}
          required={false}
          options={[{ value: '', label: words.noLocale }, ...LANGUAGES.map((value) => ({ value, label: words.languages[value] }))]}
        />
        {(known.length > 0 || form.values.site_id) && (
          <Select
            {...field('site_id')}
            required={false}
            options={[{ value: '', label: words.noSite }, ...known.map((site) => ({ value: site.id, label: site.name }))]}
          />
        )}
        <div class="actions start">
          <Button look="primary" {...form.submit}>
            {words.save}
          </Button>
          <ButtonLink href={person ? `/people/${person.id}` : '/people'}>{words.cancel}</ButtonLink>
        </div>
      </form>
    </Section>
  );
}

/** Add somebody, or change what is known of them. */
export default function EditPerson({ params }: ScreenProps) {
  const id = params['person_id'];
  const asked = id ? personOf(id) : null;
  useEffect(() => {
    void sites().open();
    void asked?.refresh();
  }, [id]);
  const words = t().edit;
  const found = asked?.value.value ?? null;
  const etag = asked?.etag.value ?? '';
  const back = id ? { href: `/people/${id}`, label: found ? called(found) : words.back } : { href: '/people', label: words.back };
  return (
    <Page title={found ? words.title(called(found)) : words.newTitle} about={words.about} back={back}>
      {asked && !found ? (
        asked.failure.value === null ? (
          <Skeleton lines={6} />
        ) : (
          <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
        )
      ) : (
        <PersonForm key={id ?? 'new'} person={found} etag={etag} />
      )}
    </Page>
  );
}
