import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { at, navigate, setQuery } from '../../app/router';
import { hasModule, may } from '../../app/session';
import { byName, formatNumber } from '../../i18n';
import { groups } from '../../people';
import { Button, Choice, Empty, ErrorState, Page, Skeleton, Table } from '../../ui';
import { NameDialog } from './name-dialog';
import { NewRule } from './rule';
import { add, reload, retired } from './store';
import { t } from './words';

/** Groups of people. */
export default function Groups() {
  const isRetired = at.value.query.get('standing') === 'retired';
  const asked = isRetired ? retired() : groups();
  const adding = useSignal<'listed' | 'rule' | null>(null);
  useEffect(() => void asked.open(), [isRetired]);
  const words = t();
  const rows = asked.value.value?.toSorted(byName((group) => group.name)) ?? null;
  const button = (
    <>
      {hasModule('messages') && <Button onClick={() => (adding.value = 'rule')}>{words.rule.add}</Button>}
      <Button look="primary" icon="add" onClick={() => (adding.value = 'listed')}>
        {words.add}
      </Button>
    </>
  );
  const make = async (name: string) => {
    const made = await add(name);
    void reload();
    navigate(`/groups/${made.id}`);
  };
  return (
    <Page title={words.title} about={words.about} busy={asked.loading.value && rows !== null} actions={may('group.edit', 'all') && button}>
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
      {rows === null &&
        (asked.failure.value === null ? (
          <Skeleton />
        ) : (
          <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
        ))}
      {rows?.length === 0 && (
        <Empty icon="group" title={isRetired ? words.emptyRetired.title : words.empty.title}>
          {isRetired ? words.emptyRetired.text : words.empty.text}
        </Empty>
      )}
      {rows && rows.length > 0 && (
        <Table
          caption={words.title}
          rows={rows}
          rowKey={(group) => group.id}
          href={(group) => `/groups/${group.id}`}
          columns={[
            { key: 'name', head: words.name, cell: (group) => group.name },
            {
              key: 'people',
              head: words.people,
              align: 'end',
              cell: (group) => (group.people === null ? words.rule.short : formatNumber(group.people)),
            },
          ]}
        />
      )}
      {adding.value === 'listed' && (
        <NameDialog title={words.add} name="" onSave={make} onClose={() => (adding.value = null)} theirs={null} />
      )}
      {adding.value === 'rule' && <NewRule onMade={(id) => navigate(`/groups/${id}`)} onClose={() => (adding.value = null)} />}
    </Page>
  );
}
