import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain, isFailure } from '../../api';
import type { ScreenProps } from '../../app/router';
import { hasModule, may } from '../../app/session';
import { formatDate } from '../../i18n';
import { called, person as personOf, sites, validWords, weekWords, type Person } from '../../people';
import {
  Button,
  ButtonLink,
  confirm,
  ErrorState,
  Facts,
  FormProblem,
  Notice,
  Page,
  Section,
  Skeleton,
  toast,
  type Explained,
} from '../../ui';
import { GroupsOfPerson } from './groups-of';
import { Membership } from './membership';
import { comeBack, devicesOf, groupsOf, leave, memberOf, windowsOf } from './store';
import { t } from './words';

function reload(id: string): void {
  for (const one of [personOf(id), groupsOf(id), memberOf(id), devicesOf(id), windowsOf(id)]) void one.refresh();
}

function Windows({ id, here }: { id: string; here: boolean }) {
  const asked = windowsOf(id);
  useEffect(() => void asked.open(), [id]);
  const words = t().detail;
  const found = asked.value.value;
  return (
    <Section
      title={words.windows}
      about={words.windowsAbout}
      actions={here && may('window.edit', 'all') && <ButtonLink href={`/shifts?part=windows&person=${id}`}>{words.change}</ButtonLink>}
    >
      {!found && (asked.failure.value === null ? <Skeleton lines={2} /> : <FormProblem explained={explain(asked.failure.value)} />)}
      {found?.length === 0 && <p class="muted">{words.noWindows}</p>}
      {found && found.length > 0 && (
        <ul class="lines">
          {found.map((one) => (
            <li key={one.id}>
              {weekWords(one)} <span class="muted small">{validWords(one)}</span>
              {one.group_id && <span class="muted small"> · {words.byGroup}</span>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Devices({ id, here }: { id: string; here: boolean }) {
  const asked = devicesOf(id);
  useEffect(() => void asked.open(), [id]);
  const words = t().detail;
  const found = asked.value.value;
  return (
    <Section
      title={words.devices}
      actions={here && may('device.enrol', 'all') && <ButtonLink href={`/devices?person=${id}`}>{words.manage}</ButtonLink>}
    >
      {!found && (asked.failure.value === null ? <Skeleton lines={2} /> : <FormProblem explained={explain(asked.failure.value)} />)}
      {found?.length === 0 && <p class="muted">{words.noDevices}</p>}
      {found && found.length > 0 && (
        <ul class="lines">
          {found.map((device) => (
            <li key={device.id}>
              {device.name}{' '}
              <span class="muted small">
                {words.apps[device.client]} · {words.since(formatDate(device.created_at))}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Head({ person, trouble }: { person: Person; trouble: { value: Explained | null } }) {
  const words = t().detail;
  const change = async (what: typeof leave, done: string) => {
    trouble.value = null;
    try {
      await what(person.id);
      toast(done);
    } catch (error) {
      if (!isFailure(error)) throw error;
      trouble.value = explain(error);
    }
    reload(person.id);
  };
  const askToLeave = async () => {
    const name = called(person);
    const asked = { title: words.leaveTitle(name), text: words.leaveText, action: words.leave, danger: true };
    if (await confirm(asked)) await change(leave, words.leftDone(name));
  };
  if (!may('person.edit', 'all')) return null;
  if (person.left_at) {
    return (
      <Button icon="undo" onClick={() => void change(comeBack, words.returned(called(person)))}>
        {words.return}
      </Button>
    );
  }
  return (
    <>
      <Button onClick={() => void askToLeave()}>{words.leave}</Button>
      <ButtonLink look="primary" icon="edit" href={`/people/${person.id}/edit`}>
        {words.edit}
      </ButtonLink>
    </>
  );
}

/** One person: what is known of them, what they belong to, and what they may do. */
export default function PersonDetail({ params }: ScreenProps) {
  const id = params['person_id'] ?? '';
  const asked = personOf(id);
  const trouble = useSignal<Explained | null>(null);
  useEffect(() => {
    void asked.open();
    void sites().open();
  }, [id]);
  const words = t().detail;
  const back = { href: '/people', label: t().list.title };
  const person = asked.value.value;
  if (!person) {
    return (
      <Page title={t().list.title} back={back}>
        {asked.failure.value === null ? (
          <Skeleton lines={8} />
        ) : (
          <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
        )}
      </Page>
    );
  }
  const here = person.left_at === null;
  const language = person.locale as keyof typeof languages | null;
  const languages = t().edit.languages;
  return (
    <Page title={called(person)} back={back} busy={asked.loading.value} actions={<Head person={person} trouble={trouble} />}>
      <FormProblem explained={trouble.value} />
      {person.left_at && (
        <Notice tone="warn" title={words.leftSince(formatDate(person.left_at))}>
          {words.leftAbout}
        </Notice>
      )}
      <Section title={words.facts}>
        <Facts
          of={[
            [t().edit.telephone, person.telephone && <a href={`tel:${person.telephone}`}>{person.telephone}</a>],
            [t().edit.email, person.email && <a href={`mailto:${person.email}`}>{person.email}</a>],
            [t().edit.employee_number, person.employee_number],
            [t().edit.site_id, sites().value.value?.find((site) => site.id === person.site_id)?.name],
            [t().edit.locale, language && languages[language]],
          ]}
        />
        {!person.telephone && !person.email && <p class="muted">{words.unreachable}</p>}
      </Section>
      {may('member.read', 'all') && <Membership person={person} />}
      <GroupsOfPerson id={id} here={here} />
      {may('window.read', 'all') && <Windows id={id} here={here} />}
      {may('device.read', 'all') && <Devices id={id} here={here} />}
      {here && hasModule('attendance') && may('kiosk_pass.read', 'all') && (
        <Section title={words.pass} about={words.passAbout}>
          <div class="actions start">
            <ButtonLink icon="qr" href={`/people/${id}/kiosk-pass`}>
              {words.passOpen}
            </ButtonLink>
          </div>
        </Section>
      )}
    </Page>
  );
}
