import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import type { ScreenProps } from '../../app/router';
import { may } from '../../app/session';
import { formatDate } from '../../i18n';
import { called, common, PersonPicker, usePages, useEdit, type Person } from '../../people';
import {
  Button,
  ButtonLink,
  confirm,
  ErrorState,
  FormProblem,
  Notice,
  Page,
  Section,
  Skeleton,
  Table,
  toast,
  type Explained,
} from '../../ui';
import { NameDialog } from './name-dialog';
import { Rule } from './rule';
import { group as groupOf, join, peopleIn, quit, read, reload, rename, restore, retire } from './store';
import { t } from './words';

interface PartProps {
  id: string;
  mayEdit: boolean;
  trouble: { value: Explained | null };
}

/** Who is in it. Taking somebody out can be undone at once. */
function People({ id, mayEdit, trouble }: PartProps) {
  const pages = usePages(`groups/${id}/people`, (cursor) => peopleIn(id, cursor));
  const words = t();
  const change = async (what: typeof join, person: Person) => {
    trouble.value = null;
    try {
      await what(id, person.id);
      const back = what === join ? quit : join;
      toast((what === join ? words.joined : words.takenOut)(called(person)), {
        label: common().undo,
        run: () => void change(back, person),
      });
    } catch (error) {
      trouble.value = explain(error);
    }
    await pages.reload();
    void reload();
  };
  const { items, first } = pages;
  return (
    <>
      {mayEdit && (
        <Section title={words.putIn}>
          <PersonPicker label={words.who} value={null} onValue={(person) => person && void change(join, person)} />
        </Section>
      )}
      <Section title={words.inIt}>
        {items === null &&
          (first.failure.value === null ? (
            <Skeleton />
          ) : (
            <ErrorState explained={explain(first.failure.value)} onRetry={() => void first.refresh()} />
          ))}
        {items?.length === 0 && <p class="muted">{words.nobody}</p>}
        {items && items.length > 0 && (
          <Table
            caption={words.inIt}
            rows={items}
            rowKey={(person) => person.id}
            href={(person) => `/people/${person.id}`}
            columns={[
              { key: 'name', head: words.name, cell: called },
              { key: 'number', head: words.number, cell: (person) => person.employee_number },
              {
                key: 'out',
                head: words.takeOut,
                bare: true,
                align: 'end',
                cell: (person) =>
                  mayEdit && (
                    <Button look="quiet" label={`${words.takeOut}: ${called(person)}`} onClick={() => void change(quit, person)}>
                      {words.takeOut}
                    </Button>
                  ),
              },
            ]}
          />
        )}
        <FormProblem explained={pages.failure === null ? null : explain(pages.failure)} />
        {pages.more && (
          <div class="actions start">
            <Button busy={pages.busy} onClick={() => void pages.more?.()}>
              {common().more}
            </Button>
          </div>
        )}
      </Section>
    </>
  );
}

function RenameDialog({ id, name, etag, onClose }: { id: string; name: string; etag: string; onClose: () => void }) {
  const edit = useEdit(etag, () => read(id));
  const save = async (next: string) => {
    await edit.save((match) => rename(id, next, match));
    toast(t().saved(next));
    await reload(id);
    onClose();
  };
  return <NameDialog title={t().change(name)} name={name} onSave={save} onClose={onClose} theirs={edit.theirs?.name ?? null} />;
}

/** One group: who is in it, and its working windows and shifts. */
export default function GroupDetail({ params }: ScreenProps) {
  const id = params['group_id'] ?? '';
  const asked = groupOf(id);
  const renaming = useSignal(false);
  const trouble = useSignal<Explained | null>(null);
  useEffect(() => void asked.open(), [id]);
  const words = t();
  const back = { href: '/groups', label: words.title };
  const group = asked.value.value;
  if (!group) {
    return (
      <Page title={words.title} back={back}>
        {asked.failure.value === null ? (
          <Skeleton lines={6} />
        ) : (
          <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
        )}
      </Page>
    );
  }
  const etag = asked.etag.value ?? '';
  const mayEdit = may('group.edit', 'all');
  const move = async (what: typeof retire, done: string) => {
    trouble.value = null;
    try {
      await what(id, etag);
      toast(done);
    } catch (error) {
      trouble.value = explain(error);
    }
    await reload(id);
  };
  const askToRetire = async () => {
    const asked = {
      title: words.retireTitle(group.name),
      text: group.rule ? words.rule.retireText : words.retireText,
      action: words.retire,
      danger: true,
    };
    if (await confirm(asked)) await move(retire, words.retiredDone(group.name));
  };
  return (
    <Page
      title={group.name}
      back={back}
      busy={asked.loading.value}
      actions={
        mayEdit &&
        (group.retired_at ? (
          <Button icon="undo" onClick={() => void move(restore, (group.rule ? words.rule.restoredDone : words.restoredDone)(group.name))}>
            {words.restore}
          </Button>
        ) : (
          <>
            <Button onClick={() => void askToRetire()}>{words.retire}</Button>
            <Button icon="edit" onClick={() => (renaming.value = true)}>
              {words.rename}
            </Button>
          </>
        ))
      }
    >
      <FormProblem explained={trouble.value} />
      {group.retired_at ? (
        <Notice tone="warn">{words.retiredSince(formatDate(group.retired_at))}</Notice>
      ) : group.rule ? (
        <Rule group={{ ...group, rule: group.rule }} etag={etag} mayEdit={mayEdit} />
      ) : (
        <>
          <People id={id} mayEdit={mayEdit} trouble={trouble} />
          {may('window.read', 'all') && (
            <Section title={words.times} about={words.timesAbout}>
              <div class="actions start">
                <ButtonLink icon="calendar" href={`/shifts?group=${id}`}>
                  {words.shifts}
                </ButtonLink>
                <ButtonLink icon="clock" href={`/shifts?part=windows&group=${id}`}>
                  {words.windows}
                </ButtonLink>
              </div>
            </Section>
          )}
        </>
      )}
      {renaming.value && <RenameDialog id={id} name={group.name} etag={etag} onClose={() => (renaming.value = false)} />}
    </Page>
  );
}
