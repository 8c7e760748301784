/** Invite visitors, or change what was planned. */
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { explain, useForm } from '../../api';
import {
  cancelInvitation,
  changeInvitation,
  type Guest,
  guests,
  type Invitation,
  invite,
  inviteMore,
  type Locale,
  readInvitation,
} from '../../api/visits';
import { navigate, type ScreenProps } from '../../app/router';
import { may } from '../../app/session';
import { byName, dayOf, formatDate, formatDay, language, zone } from '../../i18n';
import { uuid } from '../../offline/seal';
import { snapshot } from '../../offline/snapshot';
import { common, nameOf, orNull, PersonPicker, sites, useEdit, type Person } from '../../people';
import {
  Button,
  Checkbox,
  confirm,
  Empty,
  ErrorState,
  Facts,
  FormProblem,
  Notice,
  Page,
  Section,
  Select,
  Skeleton,
  TextField,
  toast,
} from '../../ui';
import { GuestList, isReady } from './guest-list';
import { readGuests } from './guests';
import { types } from './store';
import { daysAfter, momentOf, ruleOf, type Rule, RULES, timeIn } from './times';
import { t } from './words';
import '../../people/people.css';
import './visits.css';

const invitation = (id: string) =>
  snapshot(`invitations/${id}`, async () => {
    const [asked, of] = await Promise.all([readInvitation(id), guests(id)]);
    return { value: { invitation: asked.value, guests: of }, etag: asked.etag };
  });
const home = () => (may('visit.receive', 'all') ? '/visits' : '/my-visits');
const zoneOf = (site_id: string) => sites().value.value?.find((one) => one.id === site_id)?.timezone ?? zone.value;

interface Planned {
  site_id: string;
  day: string;
  from: string;
  until: string;
  again: Rule | 'kept';
  last: string;
}

/** When it is: its first time, and how it repeats. */
function planned(values: Planned, timezone: string) {
  const ends_on = values.until > values.from ? values.day : daysAfter(values.day, 1);
  return {
    starts_at: momentOf(values.day, values.from, timezone),
    ends_at: momentOf(ends_on, values.until, timezone),
    ...(values.again !== 'kept' && { rule: ruleOf(values.again, values.last) }),
  };
}

type Form = ReturnType<typeof useForm<ReturnType<typeof valuesOf>>>;

function valuesOf(kept: Invitation | null) {
  const today = dayOf(Date.now());
  return {
    site_id: kept?.site_id ?? '',
    visit_type_id: kept?.visit_type_id ?? '',
    host_id: null as Person | null,
    subject: kept?.subject ?? '',
    day: kept ? dayOf(kept.starts_at, kept.timezone) : today,
    from: kept ? timeIn(kept.starts_at, kept.timezone) : '10:00',
    until: kept ? timeIn(kept.ends_at, kept.timezone) : '11:00',
    again: (kept?.rule ? 'kept' : 'once') as Planned['again'],
    last: daysAfter(today, 28),
    people: '',
    locale: language.value as Locale,
    tell: true,
  };
}

function When({ form, rules }: { form: Form; rules: readonly Planned['again'][] }) {
  const words = t().invitation;
  const { again, until, from, day } = form.values;
  return (
    <>
      <div class="side-by-side">
        <TextField {...form.field('day')} label={words.day} type="date" required />
        <TextField {...form.field('from')} label={words.from} type="time" required />
        <TextField
          {...form.field('until')}
          label={words.until}
          type="time"
          hint={from && until && until <= from ? formatDay(daysAfter(day, 1)) : undefined}
          required
        />
      </div>
      <div class="side-by-side">
        <Select {...form.field('again')} label={words.again} options={rules.map((value) => ({ value, label: words.rules[value] }))} />
        {again !== 'once' && again !== 'kept' && <TextField {...form.field('last')} label={words.last} type="date" min={day} required />}
      </div>
    </>
  );
}

function Where({ form, isNew }: { form: Form; isNew: boolean }) {
  const words = t();
  const known = (sites().value.value ?? []).toSorted(byName((one) => one.name));
  const kinds = types().value.value ?? [];
  const { name: _, ...host } = form.field('host_id');
  return (
    <>
      <div class="side-by-side">
        <Select {...form.field('site_id')} label={words.site} options={known.map(({ id, name }) => ({ value: id, label: name }))} />
        {isNew && (
          <Select {...form.field('visit_type_id')} label={words.type} options={kinds.map(({ id, name }) => ({ value: id, label: name }))} />
        )}
      </div>
      <TextField {...form.field('subject')} label={words.invitation.subject} hint={words.invitation.subjectHint} maxLength={300} />
      {may('visit.invite', 'all') && <PersonPicker {...host} label={words.host} hint={words.invitation.hostHint} />}
    </>
  );
}

/** What is common to a new and a changed invitation. */
function bodyOf(values: ReturnType<typeof valuesOf>, timezone: string) {
  return {
    site_id: values.site_id,
    subject: orNull(values.subject),
    ...(values.host_id && { host_id: values.host_id.id }),
    ...planned(values, timezone),
    tell: values.tell,
  };
}

function New() {
  const words = t().invitation;
  const id = useMemo(uuid, []);
  const first = {
    site_id: sites().value.value?.toSorted(byName((one) => one.name))[0]?.id ?? '',
    visit_type_id: types().value.value?.[0]?.id ?? '',
  };
  const form = useForm({ ...valuesOf(null), ...first }, async (values) => {
    const { people } = readGuests(values.people, values.locale);
    await invite({ id, ...bodyOf(values, zoneOf(values.site_id)), visit_type_id: values.visit_type_id, visitors: people });
    toast(words.sent(people.length));
    navigate(home());
  });
  const list = readGuests(form.values.people, form.values.locale);
  return (
    <form class="stack" {...form.props}>
      <FormProblem {...form.problem} />
      <Section>
        <Where form={form} isNew />
        <When form={form} rules={RULES} />
      </Section>
      <Section>
        <GuestList form={form} required />
        <Checkbox {...form.field('tell')} label={words.tell} hint={words.tellHint} />
      </Section>
      {list.people.length === 0 && <p class="muted">{words.noneYet}</p>}
      <div class="actions">
        <Button look="primary" icon="send" disabled={!isReady(list)} {...form.submit}>
          {words.send}
        </Button>
      </div>
    </form>
  );
}

function Change({ kept, etag, onDone }: { kept: Invitation; etag: string; onDone: () => void }) {
  const words = t();
  const edit = useEdit<Invitation>(etag, () => readInvitation(kept.id));
  const form = useForm(valuesOf(kept), async (values) => {
    await edit.save((match) => changeInvitation(kept.id, bodyOf(values, kept.timezone), match));
    toast(words.invitation.changed);
    onDone();
  });
  return (
    <form class="stack" {...form.props}>
      <FormProblem {...form.problem} />
      {edit.theirs && <p>{common().clash}</p>}
      <Section>
        {kept.host_id && !form.values.host_id && may('person.read', 'all') && <Facts of={[[words.host, nameOf(kept.host_id)]]} />}
        <Where form={form} isNew={false} />
        <When form={form} rules={kept.rule ? ['kept', ...RULES] : RULES} />
        <Checkbox {...form.field('tell')} label={words.invitation.tellChange} />
        <div class="actions">
          <Button look="primary" {...form.submit}>
            {words.save}
          </Button>
        </div>
      </Section>
    </form>
  );
}

function More({ kept, some, onDone }: { kept: Invitation; some: readonly Guest[]; onDone: () => void }) {
  const words = t().invitation;
  const form = useForm(valuesOf(kept), async (values) => {
    const { people } = readGuests(values.people, values.locale);
    await inviteMore(kept.id, people, values.tell);
    toast(words.sent(people.length));
    form.set({ people: '' });
    onDone();
  });
  const list = readGuests(form.values.people, form.values.locale);
  return (
    <Section title={words.people}>
      <ul class="lines">
        {some.map((one) => (
          <li key={one.id} class="row spread">
            <strong>{one.name}</strong>
            <span class="muted small">{one.fields['email'] ?? one.fields['telephone']}</span>
          </li>
        ))}
      </ul>
      {!kept.cancelled_at && (
        <form class="stack" {...form.props}>
          <FormProblem {...form.problem} />
          <GuestList form={form} required={false} />
          <Checkbox {...form.field('tell')} label={words.tell} hint={words.tellHint} />
          <div class="actions">
            <Button icon="send" disabled={!isReady(list)} {...form.submit}>
              {words.send}
            </Button>
          </div>
        </form>
      )}
    </Section>
  );
}

function Kept({ id }: { id: string }) {
  const words = t().invitation;
  const asked = invitation(id);
  const trouble = useSignal<unknown>(null);
  useEffect(() => void asked.open(), [id]);
  const kept = asked.value.value?.invitation;
  const refresh = () => void asked.refresh();
  if (!kept) {
    return asked.failure.value === null ? (
      <Skeleton lines={6} />
    ) : (
      <ErrorState explained={explain(asked.failure.value)} onRetry={refresh} />
    );
  }
  const cancel = async () => {
    if (!(await confirm({ title: words.cancelTitle, text: words.cancelText, action: words.cancel, danger: true }))) return;
    try {
      await cancelInvitation(id);
      toast(words.cancelled);
      trouble.value = null;
    } catch (error) {
      trouble.value = error;
    }
    refresh();
  };
  return (
    <>
      <FormProblem explained={trouble.value === null ? null : explain(trouble.value)} />
      {kept.cancelled_at ? (
        <Notice tone="warn">{words.isCancelled}</Notice>
      ) : (
        <Change key={asked.etag.value ?? ''} kept={kept} etag={asked.etag.value ?? ''} onDone={refresh} />
      )}
      <More kept={kept} some={asked.value.value?.guests ?? []} onDone={refresh} />
      <p class="muted small">
        {t().visit.deletes} {formatDate(`${kept.deletes_on}T12:00:00Z`)}
      </p>
      {!kept.cancelled_at && (
        <div class="actions start">
          <Button look="danger" onClick={() => void cancel()}>
            {words.cancel}
          </Button>
        </div>
      )}
    </>
  );
}

export default function Invite({ params }: ScreenProps) {
  const words = t();
  const id = params['invitation_id'];
  useEffect(() => {
    void sites().open();
    void types().open();
  }, []);
  const places = sites().value.value;
  const kinds = types().value.value;
  const failure = sites().failure.value ?? types().failure.value;
  return (
    <Page
      title={id ? words.invitation.change : words.invitation.title}
      about={id ? undefined : words.invitation.about}
      back={{ href: home(), label: home() === '/visits' ? words.title : words.mineTitle }}
    >
      {places && kinds ? (
        id ? (
          <Kept id={id} />
        ) : kinds.length === 0 ? (
          <Empty icon="settings" title={words.type}>
            {words.noTypes}
          </Empty>
        ) : places.length === 0 ? (
          <Empty icon="building" title={words.noSites.title}>
            {words.noSites.text}
          </Empty>
        ) : (
          <New />
        )
      ) : failure ? (
        <ErrorState explained={explain(failure)} onRetry={() => void Promise.all([sites().refresh(), types().refresh()])} />
      ) : (
        <Skeleton lines={6} />
      )}
    </Page>
  );
}
