import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { answer, api, explain, tagged, useForm, type components } from '../../api';
import { at, setQuery } from '../../app/router';
import { may } from '../../app/session';
import { formatDate, formatTime } from '../../i18n';
import { common, nameOf, PersonPicker, Picture, sites, useEdit, usePages, type Device, type Person } from '../../people';
import {
  Button,
  ButtonLink,
  Choice,
  confirm,
  Dialog,
  Empty,
  ErrorState,
  Facts,
  FormProblem,
  Page,
  Section,
  Select,
  Skeleton,
  Status,
  Table,
  TextField,
  toast,
  type Explained,
} from '../../ui';
import { t } from './words';
import '../../people/people.css';

type Made = components['schemas']['EnrolmentOut'];
type Client = Device['client'];
const CLIENTS: readonly Client[] = ['native', 'owntracks', 'traccar'];

/** The code that was just made, and for whom; gone when the screen is left. */
const made = signal<{ code: Made; whose: string } | null>(null);

const of = (device_id: string) => ({ path: { device_id } });
const readDevice = (id: string) => tagged(api.GET('/api/v1/devices/{device_id}', { params: of(id) }));

function Code() {
  const words = t().enrol;
  if (!made.value) return null;
  const { code, whose } = made.value;
  return (
    <div class="once" role="status">
      <strong>{words.codeFor(whose)}</strong>
      <Picture svg={code.qr_svg} alt={words.qrAlt} />
      <Facts
        of={[
          [words.code, <code>{code.code}</code>],
          [words.validUntil, formatTime(code.expires_at)],
          [words.open, <span>{code.link.split('#')[0]}</span>],
        ]}
      />
      <p>{words.how}</p>
    </div>
  );
}

function EnrolDialog({ person_id, onClose }: { person_id: string | null; onClose: () => void }) {
  const words = t().enrol;
  const person = useSignal<Person | null>(null);
  const whose = person.value?.id ?? person_id;
  const form = useForm({ name: words.phone, client: 'native' as Client, person_id: '' }, async ({ name, client }) => {
    const code = await answer(api.POST('/api/v1/enrolments', { body: { name, client, person_id: whose } }));
    made.value = { code, whose: person.value?.name ?? nameOf(whose ?? '') };
    onClose();
  });
  return (
    <Dialog title={words.title} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        {person_id ? (
          <p>
            {words.whose}: <strong>{nameOf(person_id)}</strong>
          </p>
        ) : (
          <PersonPicker
            label={words.whose}
            value={person.value}
            onValue={(one) => (person.value = one)}
            error={form.field('person_id').error}
          />
        )}
        <TextField {...form.field('name')} label={words.name} maxLength={100} autocomplete="off" required />
        <Select
          {...form.field('client')}
          label={words.app}
          hint={words.appHint[form.values.client]}
          options={CLIENTS.map((value) => ({ value, label: t().apps[value] }))}
        />
        <div class="actions">
          <Button look="primary" {...form.submit} disabled={!whose}>
            {whose ? words.make : words.chooseFirst}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function RenameDialog({ opened, onClose, onDone }: { opened: { value: Device; etag: string }; onClose: () => void; onDone: () => void }) {
  const words = t();
  const { id } = opened.value;
  const edit = useEdit(opened.etag, () => readDevice(id));
  const form = useForm({ name: opened.value.name }, async (body) => {
    await edit.save((etag) =>
      answer(api.PUT('/api/v1/devices/{device_id}', { params: { ...of(id), header: { 'If-Match': etag } }, body })),
    );
    toast(words.renamed);
    onDone();
    onClose();
  });
  return (
    <Dialog title={words.renameTitle} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        {edit.theirs && <p>{common().clash}</p>}
        <TextField
          {...form.field('name')}
          label={words.name}
          hint={edit.theirs ? common().savedNow(edit.theirs.name) : undefined}
          maxLength={100}
          autocomplete="off"
          required
        />
        <div class="actions">
          <Button look="primary" {...form.submit}>
            {words.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const holder = (device: Device) =>
  device.person_id ? nameOf(device.person_id) : (sites().value.value?.find((site) => site.id === device.site_id)?.name ?? '');

function Rows({ devices, onChange, isRevoked }: { devices: readonly Device[]; onChange: () => void; isRevoked: boolean }) {
  const words = t();
  const trouble = useSignal<Explained | null>(null);
  const renaming = useSignal<{ value: Device; etag: string } | null>(null);
  const rename = async (id: string) => {
    trouble.value = null;
    try {
      renaming.value = await readDevice(id);
    } catch (error) {
      trouble.value = explain(error);
    }
  };
  const revoke = async (device: Device) => {
    const asked = { title: words.revokeTitle(device.name, holder(device)), text: words.revokeText[device.kind], action: words.revoke };
    if (!(await confirm({ ...asked, danger: true }))) return;
    trouble.value = null;
    try {
      await answer(api.DELETE('/api/v1/devices/{device_id}', { params: of(device.id) }));
      toast(words.revokedDone);
    } catch (error) {
      trouble.value = explain(error);
    }
    onChange();
  };
  return (
    <>
      <FormProblem explained={trouble.value} />
      <Table
        caption={words.title}
        rows={devices}
        rowKey={(device) => device.id}
        columns={[
          { key: 'whose', head: words.whose, cell: holder },
          { key: 'name', head: words.name, cell: (device) => device.name },
          {
            key: 'kind',
            head: words.kind,
            cell: (device) => (
              <Status icon={device.kind === 'kiosk' ? 'qr' : 'phone'}>
                {device.kind === 'kiosk' ? words.kiosk : t().apps[device.client]}
              </Status>
            ),
          },
          { key: 'since', head: words.since, cell: (device) => formatDate(device.created_at) },
          {
            key: 'do',
            head: isRevoked ? words.revokedAt : words.actions,
            bare: !isRevoked,
            align: 'end',
            cell: (device) =>
              device.revoked_at
                ? formatDate(device.revoked_at)
                : may('device.revoke', 'all') && (
                    <div class="actions">
                      <Button look="quiet" icon="edit" label={words.renameOf(device.name)} onClick={() => void rename(device.id)} />
                      <Button look="quiet" label={`${words.revoke}: ${device.name}`} onClick={() => void revoke(device)}>
                        {words.revoke}
                      </Button>
                    </div>
                  ),
          },
        ]}
      />
      {renaming.value && <RenameDialog opened={renaming.value} onClose={() => (renaming.value = null)} onDone={onChange} />}
    </>
  );
}

/** Phones and kiosks of the organization, each with a token that can be taken back. */
export default function Devices() {
  const { query } = at.value;
  const isRevoked = query.get('which') === 'revoked';
  const person_id = query.get('person');
  const enrolling = useSignal(false);
  useEffect(() => {
    void sites().open();
    return () => (made.value = null);
  }, []);
  const pages = usePages(`devices?${isRevoked}&${person_id ?? ''}`, (cursor) =>
    answer(
      api.GET('/api/v1/devices', {
        params: { query: { revoked: isRevoked, limit: 50, ...(person_id && { person_id }), ...(cursor && { cursor }) } },
      }),
    ),
  );
  const words = t();
  const { items, first } = pages;
  const mayEnrol = may('device.enrol', 'all');
  return (
    <Page
      title={words.title}
      about={words.about}
      busy={first.loading.value && items !== null}
      wide
      actions={
        mayEnrol && (
          <>
            <ButtonLink icon="qr" href="/kiosks">
              {words.newKiosk}
            </ButtonLink>
            <Button look="primary" icon="add" onClick={() => (enrolling.value = true)}>
              {words.enrolPhone}
            </Button>
          </>
        )
      }
    >
      {made.value && (
        <Section>
          <Code />
        </Section>
      )}
      <div class="row wrap">
        <Choice
          quiet
          label={words.which}
          value={isRevoked ? 'revoked' : 'current'}
          options={[
            { value: 'current', label: words.current },
            { value: 'revoked', label: words.revoked },
          ]}
          onValue={(which) => setQuery({ which: which === 'revoked' ? which : null })}
        />
        {person_id && (
          <Button look="quiet" icon="close" onClick={() => setQuery({ person: null })}>
            {words.onlyOf(nameOf(person_id))}
          </Button>
        )}
      </div>
      {items === null &&
        (first.failure.value === null ? (
          <Skeleton lines={6} />
        ) : (
          <ErrorState explained={explain(first.failure.value)} onRetry={() => void first.refresh()} />
        ))}
      {items?.length === 0 && (
        <Empty icon="phone" title={isRevoked ? words.noneRevoked : words.empty.title}>
          {isRevoked ? null : words.empty.text}
        </Empty>
      )}
      {items && items.length > 0 && <Rows devices={items} isRevoked={isRevoked} onChange={() => void pages.reload()} />}
      <FormProblem explained={pages.failure === null ? null : explain(pages.failure)} />
      {pages.more && (
        <Button busy={pages.busy} onClick={() => void pages.more?.()}>
          {common().more}
        </Button>
      )}
      {enrolling.value && <EnrolDialog person_id={person_id} onClose={() => (enrolling.value = false)} />}
    </Page>
  );
}
