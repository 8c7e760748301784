import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { at, setQuery } from '../../app/router';
import { may } from '../../app/session';
import { retiredTemplates, templates } from '../../messaging';
import { Age, ButtonLink, Choice, Empty, ErrorState, Page, Skeleton, Table } from '../../ui';
import { t } from './words';

/** Texts prepared ahead. */
export default function Templates() {
  const retired = at.value.query.get('which') === 'retired';
  const asked = retired ? retiredTemplates() : templates();
  useEffect(() => void asked.open(), [retired]);
  const words = t();
  const found = asked.value.value;
  return (
    <Page
      title={words.title}
      about={words.about}
      back={{ href: '/messages', label: words.messages }}
      busy={asked.loading.value && found !== null}
      actions={
        may('template.edit', 'all') && (
          <ButtonLink look="primary" icon="add" href="/messages/templates/new">
            {words.add}
          </ButtonLink>
        )
      }
    >
      <Choice
        quiet
        label={words.which}
        value={retired ? 'retired' : 'used'}
        options={[
          { value: 'used', label: words.used },
          { value: 'retired', label: words.retired },
        ]}
        onValue={(which) => setQuery({ which: which === 'retired' ? which : null })}
      />
      {!found &&
        (asked.failure.value === null ? (
          <Skeleton lines={5} />
        ) : (
          <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
        ))}
      {found?.length === 0 && (
        <Empty icon="edit" title={retired ? words.noneRetired : words.none.title}>
          {retired ? undefined : words.none.text}
        </Empty>
      )}
      {found && found.length > 0 && (
        <Table
          caption={words.title}
          rows={found}
          rowKey={(one) => one.id}
          href={(one) => `/messages/templates/${one.id}`}
          columns={[
            { key: 'name', head: words.name, cell: (one) => one.name },
            { key: 'version', head: words.version, align: 'end', cell: (one) => one.number },
          ]}
        />
      )}
      {found && asked.failure.value !== null && asked.fetched_ms.value !== null && (
        <p class="muted small">
          {words.shownAsOf} <Age at={asked.fetched_ms.value} />
        </p>
      )}
    </Page>
  );
}
