import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { at, setQuery } from '../../app/router';
import { hasModule, may } from '../../app/session';
import { common, groups, nameOf, sites, usePages, validWords, weekWords } from '../../people';
import {
  Button,
  confirm,
  Empty,
  ErrorState,
  FormProblem,
  Notice,
  Page,
  Select,
  Skeleton,
  Table,
  Tabs,
  toast,
  type Explained,
} from '../../ui';
import { holderName, TimesDialog } from './form';
import { endShift, endWindow, type Holder, isShift, type Kind, list, readShift, readWindow, type Row } from './store';
import { t } from './words';
import '../../people/people.css';

interface Opened {
  opened: { value: Row; etag: string } | null;
  holder: Holder;
}

function Filter({ holder }: { holder: Holder }) {
  const words = t();
  const known = groups().value.value ?? [];
  if (holder.person_id) {
    return (
      <div class="row wrap">
        <span>{words.ofPerson(nameOf(holder.person_id))}</span>
        <Button look="quiet" icon="close" onClick={() => setQuery({ person: null })}>
          {words.everybody}
        </Button>
      </div>
    );
  }
  if (known.length === 0) return null;
  return (
    <div class="people-filters">
      <Select
        name="group"
        label={words.group}
        value={holder.group_id ?? ''}
        options={[{ value: '', label: words.everybody }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
        onValue={(group) => setQuery({ group })}
      />
    </div>
  );
}

function Times({ kind, holder, dialog }: { kind: Kind; holder: Holder; dialog: { value: Opened | null } }) {
  const words = t();
  const name = `${kind}?${holder.person_id ?? ''}&${holder.group_id ?? ''}`;
  const pages = usePages(name, (cursor) => list(kind, holder, cursor));
  const trouble = useSignal<Explained | null>(null);
  const mayEdit = may(kind === 'shifts' ? 'shift.edit' : 'window.edit', 'all');
  const open = async (row: Row) => {
    trouble.value = null;
    try {
      dialog.value = { opened: await (isShift(row) ? readShift(row.id) : readWindow(row.id)), holder: row };
    } catch (error) {
      trouble.value = explain(error);
    }
  };
  const end = async (row: Row) => {
    if (!(await confirm({ title: words.endTitle[kind], text: words.endText[kind], action: words.end, danger: true }))) return;
    trouble.value = null;
    try {
      await (isShift(row) ? endShift(row.id) : endWindow(row.id));
      toast(words.ended[kind]);
    } catch (error) {
      trouble.value = explain(error);
    }
    await pages.reload();
  };
  const { items, first } = pages;
  const site = (row: Row) => isShift(row) && sites().value.value?.find((one) => one.id === row.site_id)?.name;
  return (
    <>
      <p class="muted">{words.about[kind]}</p>
      <Filter holder={holder} />
      <FormProblem explained={trouble.value} />
      {items === null &&
        (first.failure.value === null ? (
          <Skeleton lines={6} />
        ) : (
          <ErrorState explained={explain(first.failure.value)} onRetry={() => void first.refresh()} />
        ))}
      {items?.length === 0 && (
        <Empty icon={kind === 'shifts' ? 'calendar' : 'clock'} title={words.empty[kind].title}>
          {words.empty[kind].text}
        </Empty>
      )}
      {items && items.length > 0 && (
        <Table
          caption={words.parts[kind]}
          rows={items}
          rowKey={(row) => row.id}
          columns={[
            { key: 'whose', head: words.whose, cell: holderName },
            ...(kind === 'shifts' ? [{ key: 'name', head: words.name, cell: (row: Row) => isShift(row) && row.name }] : []),
            {
              key: 'when',
              head: words.when,
              cell: (row) => (
                <>
                  {weekWords(row)}
                  {isShift(row) && row.break_minutes > 0 && <span class="muted small"> · {words.pause(row.break_minutes)}</span>}
                </>
              ),
            },
            {
              key: 'valid',
              head: words.valid,
              cell: (row) => (
                <span class="small">
                  {validWords(row)} {site(row)}
                </span>
              ),
            },
            {
              key: 'do',
              head: words.actions,
              bare: true,
              align: 'end',
              cell: (row) =>
                mayEdit && (
                  <div class="actions">
                    <Button look="quiet" icon="edit" label={words.changeOf(holderName(row))} onClick={() => void open(row)} />
                    <Button look="quiet" onClick={() => void end(row)}>
                      {words.end}
                    </Button>
                  </div>
                ),
            },
          ]}
        />
      )}
      <FormProblem explained={pages.failure === null ? null : explain(pages.failure)} />
      {pages.more && <Button onClick={() => void pages.more?.()}>{common().more}</Button>}
      {dialog.value && (
        <TimesDialog kind={kind} {...dialog.value} onClose={() => (dialog.value = null)} onDone={() => void pages.reload()} />
      )}
    </>
  );
}

/** When people are expected, and when their location may be looked at. */
export default function Shifts() {
  const { query } = at.value;
  const hasShifts = hasModule('attendance') && may('shift.read', 'all');
  const kind: Kind = query.get('part') === 'windows' || !hasShifts ? 'windows' : 'shifts';
  const person_id = query.get('person');
  const holder: Holder = { person_id, group_id: person_id ? null : query.get('group') };
  const dialog = useSignal<Opened | null>(null);
  useEffect(() => {
    void groups().open();
    void sites().open();
  }, []);
  const words = t();
  const mayEdit = may(kind === 'shifts' ? 'shift.edit' : 'window.edit', 'all');
  const times = <Times key={`${kind} ${person_id} ${holder.group_id}`} {...{ kind, holder, dialog }} />;
  return (
    <Page
      title={hasShifts ? words.title : words.parts.windows}
      wide
      actions={
        mayEdit && (
          <Button look="primary" icon="add" onClick={() => (dialog.value = { opened: null, holder })}>
            {words.add[kind]}
          </Button>
        )
      }
    >
      {kind === 'windows' && <Notice>{words.windowsPrivacy}</Notice>}
      {hasShifts ? (
        <Tabs
          label={words.title}
          current={kind}
          tabs={[
            { id: 'shifts', label: words.parts.shifts },
            { id: 'windows', label: words.parts.windows },
          ]}
          onChange={(part) => setQuery({ part: part === 'windows' ? part : null })}
        >
          {times}
        </Tabs>
      ) : (
        times
      )}
    </Page>
  );
}
