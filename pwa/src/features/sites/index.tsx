import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { answer, api, everyPage, explain, tagged, useForm } from '../../api';
import { at, setQuery } from '../../app/router';
import { hasModule, may } from '../../app/session';
import { byName } from '../../i18n';
import { snapshot } from '../../offline/snapshot';
import { common, orNull, sites, useEdit, type Site } from '../../people';
import {
  Button,
  Choice,
  Dialog,
  Empty,
  ErrorState,
  FormProblem,
  Page,
  Select,
  Skeleton,
  Table,
  TextField,
  toast,
  type Explained,
} from '../../ui';
import { t } from './words';
import '../../people/people.css';

const ZONES: readonly string[] = Intl.supportedValuesOf('timeZone');

const retired = () =>
  snapshot('sites/retired', async () => ({
    value: await everyPage((cursor) =>
      answer(api.GET('/api/v1/sites', { params: { query: { retired: true, limit: 200, ...(cursor && { cursor }) } } })),
    ),
  }));
const read = (site_id: string) => tagged(api.GET('/api/v1/sites/{site_id}', { params: { path: { site_id } } }));
const reload = () => Promise.all([sites().refresh(), retired().refresh()]);

const valuesOf = (site: Site | null) => ({ name: site?.name ?? '', address: site?.address ?? '', timezone: site?.timezone ?? '' });

/** Add a site, or change one. `opened`: as it was read when the dialog was opened. */
function SiteDialog({ opened, onClose }: { opened: { value: Site; etag: string } | null; onClose: () => void }) {
  const words = t();
  const edit = useEdit(opened?.etag ?? '', () => read(opened?.value.id ?? ''));
  const form = useForm(valuesOf(opened?.value ?? null), async (values) => {
    const body = { name: values.name, address: orNull(values.address), timezone: orNull(values.timezone) };
    if (opened) {
      await edit.save((match) =>
        answer(api.PUT('/api/v1/sites/{site_id}', { params: { path: { site_id: opened.value.id }, header: { 'If-Match': match } }, body })),
      );
    } else await answer(api.POST('/api/v1/sites', { body }));
    toast(words.saved(values.name));
    await reload();
    onClose();
  });
  const field = (name: keyof ReturnType<typeof valuesOf>, hint?: string) => {
    const theirs = edit.theirs && valuesOf(edit.theirs)[name];
    const told = theirs !== null && theirs !== form.values[name] ? common().savedNow(theirs || common().nothing) : hint;
    return { ...form.field(name), label: words.fields[name], ...(told && { hint: told }) };
  };
  return (
    <Dialog title={opened ? words.change(opened.value.name) : words.add} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        {edit.theirs && <p>{common().clash}</p>}
        <TextField {...field('name')} maxLength={200} autocomplete="off" required />
        <TextField {...field('address')} rows={2} maxLength={1000} />
        <Select
          {...field('timezone', words.zoneHint)}
          required={false}
          options={[
            { value: '', label: words.zoneOfOrganization },
            ...ZONES.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') })),
          ]}
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

/** Out of use and back; each can be undone at once. */
async function move(id: string, out: boolean, trouble: { value: Explained | null }): Promise<void> {
  trouble.value = null;
  const words = t();
  try {
    const { etag } = await read(id);
    const options = { params: { path: { site_id: id }, header: { 'If-Match': etag } } };
    const { name } = await answer(
      out ? api.POST('/api/v1/sites/{site_id}/retire', options) : api.POST('/api/v1/sites/{site_id}/restore', options),
    );
    toast(out ? words.retiredDone(name) : words.restoredDone(name), { label: common().undo, run: () => void move(id, !out, trouble) });
  } catch (error) {
    trouble.value = explain(error);
  }
  await reload();
}

/** Places of work. */
export default function Sites() {
  const isRetired = at.value.query.get('standing') === 'retired';
  const asked = isRetired ? retired() : sites();
  const dialog = useSignal<{ opened: { value: Site; etag: string } | null } | null>(null);
  const trouble = useSignal<Explained | null>(null);
  useEffect(() => void asked.open(), [isRetired]);
  const words = t();
  const mayEdit = may('site.edit', 'all');
  const open = async (id: string) => {
    trouble.value = null;
    try {
      dialog.value = { opened: await read(id) };
    } catch (error) {
      trouble.value = explain(error);
    }
  };
  const rows = asked.value.value?.toSorted(byName((site) => site.name)) ?? null;
  const add = (
    <Button look="primary" icon="add" onClick={() => (dialog.value = { opened: null })}>
      {words.add}
    </Button>
  );
  const hasPoster = hasModule('attendance') && may('punch.code', 'all');
  return (
    <Page title={words.title} about={words.about} busy={asked.loading.value && rows !== null} actions={mayEdit && add}>
      <div>
        <Choice
          quiet
          label={words.standing}
          value={isRetired ? 'retired' : 'current'}
          options={[
            { value: 'current', label: words.current },
            { value: 'retired', label: words.retired },
          ]}
          onValue={(standing) => setQuery({ standing: standing === 'retired' ? standing : null })}
        />
      </div>
      <FormProblem explained={trouble.value} />
      {rows === null &&
        (asked.failure.value === null ? (
          <Skeleton />
        ) : (
          <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
        ))}
      {rows?.length === 0 && (
        <Empty icon="building" title={isRetired ? words.emptyRetired.title : words.empty.title}>
          {isRetired ? words.emptyRetired.text : words.empty.text}
        </Empty>
      )}
      {rows && rows.length > 0 && (
        <Table
          caption={words.title}
          rows={rows}
          rowKey={(site) => site.id}
          columns={[
            { key: 'name', head: words.fields.name, cell: (site) => site.name },
            { key: 'address', head: words.fields.address, cell: (site) => site.address },
            { key: 'zone', head: words.fields.timezone, cell: (site) => site.timezone?.replaceAll('_', ' ') },
            {
              key: 'do',
              head: words.actions,
              bare: true,
              align: 'end',
              cell: (site) => (
                <div class="actions">
                  {hasPoster && !isRetired && <a href={`/sites/${site.id}/poster`}>{words.poster}</a>}
                  {mayEdit && !isRetired && (
                    <Button look="quiet" icon="edit" label={words.change(site.name)} onClick={() => void open(site.id)} />
                  )}
                  {mayEdit && (
                    <Button look="quiet" onClick={() => void move(site.id, !isRetired, trouble)}>
                      {isRetired ? words.restore : words.retire}
                    </Button>
                  )}
                </div>
              ),
            },
          ]}
        />
      )}
      {dialog.value && <SiteDialog opened={dialog.value.opened} onClose={() => (dialog.value = null)} />}
    </Page>
  );
}
