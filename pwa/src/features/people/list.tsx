import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { at, setQuery } from '../../app/router';
import { may } from '../../app/session';
import { called, common, groups, remember, sites, usePages } from '../../people';
import { Age, Button, ButtonLink, Choice, Empty, ErrorState, FormProblem, Page, Search, Select, Skeleton, Table } from '../../ui';
import { people, type Wanted } from './store';
import { t } from './words';
import '../../people/people.css';

function Filters({ wanted }: { wanted: Wanted }) {
  const words = t().list;
  const knownGroups = groups().value.value ?? [];
  const knownSites = sites().value.value ?? [];
  const choices = (all: string, known: readonly { id: string; name: string }[]) => [
    { value: '', label: all },
    ...known.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <div class="people-filters">
      <Search label={words.search} value={wanted.q} onValue={(q) => setQuery({ q })} />
      <Choice
        quiet
        label={words.which}
        value={wanted.left ? 'left' : 'here'}
        options={[
          { value: 'here', label: words.here },
          { value: 'left', label: words.left },
        ]}
        onValue={(which) => setQuery({ which: which === 'left' ? which : null })}
      />
      {knownGroups.length > 0 && (
        <Select
          name="group"
          label={words.group}
          value={wanted.group_id}
          options={choices(words.allGroups, knownGroups)}
          onValue={(group) => setQuery({ group })}
        />
      )}
      {knownSites.length > 0 && (
        <Select
          name="site"
          label={words.site}
          value={wanted.site_id}
          options={choices(words.allSites, knownSites)}
          onValue={(site) => setQuery({ site })}
        />
      )}
    </div>
  );
}

function Nothing({ wanted }: { wanted: Wanted }) {
  const words = t().list;
  if (wanted.q || wanted.group_id || wanted.site_id) {
    return (
      <Empty
        icon="search"
        title={words.nothing.title}
        action={<Button onClick={() => setQuery({ q: null, group: null, site: null })}>{words.nothing.action}</Button>}
      >
        {words.nothing.text}
      </Empty>
    );
  }
  const told = wanted.left ? words.nobodyLeft : words.empty;
  return (
    <Empty icon="person" title={told.title}>
      {told.text}
    </Empty>
  );
}

/** Everybody the organization communicates with. */
export default function People() {
  const { query } = at.value;
  const wanted: Wanted = {
    q: query.get('q') ?? '',
    group_id: query.get('group') ?? '',
    site_id: query.get('site') ?? '',
    left: query.get('which') === 'left',
  };
  useEffect(() => {
    void groups().open();
    void sites().open();
  }, []);
  const pages = usePages(`people?${new URLSearchParams({ ...wanted, left: String(wanted.left) })}`, async (cursor) => {
    const page = await people(wanted, cursor);
    remember(page.items);
    return page;
  });
  const words = t().list;
  const { items, first } = pages;
  const site = (id: string | null) => sites().value.value?.find((one) => one.id === id)?.name;
  return (
    <Page
      title={words.title}
      about={words.about}
      busy={first.loading.value && items !== null}
      wide
      actions={
        may('person.edit', 'all') && (
          <>
            <ButtonLink icon="upload" href="/people/import">
              {words.import}
            </ButtonLink>
            <ButtonLink look="primary" icon="add" href="/people/new">
              {words.add}
            </ButtonLink>
          </>
        )
      }
    >
      <Filters wanted={wanted} />
      {items === null &&
        (first.failure.value === null ? (
          <Skeleton lines={8} />
        ) : (
          <ErrorState explained={explain(first.failure.value)} onRetry={() => void first.refresh()} />
        ))}
      {items?.length === 0 && <Nothing wanted={wanted} />}
      {items && items.length > 0 && (
        <Table
          caption={words.title}
          rows={items}
          rowKey={(person) => person.id}
          href={(person) => `/people/${person.id}`}
          columns={[
            { key: 'name', head: words.name, cell: called },
            { key: 'number', head: words.number, cell: (person) => person.employee_number },
            { key: 'telephone', head: words.telephone, cell: (person) => person.telephone },
            { key: 'email', head: words.email, cell: (person) => person.email },
            { key: 'site', head: words.site, cell: (person) => site(person.site_id) },
          ]}
        />
      )}
      <FormProblem explained={pages.failure === null ? null : explain(pages.failure)} />
      {pages.more && (
        <Button busy={pages.busy} onClick={() => void pages.more?.()}>
          {common().more}
        </Button>
      )}
      {items && first.failure.value !== null && first.fetched_ms.value !== null && (
        <p class="muted small">
          {words.shownAsOf} <Age at={first.fetched_ms.value} />
        </p>
      )}
    </Page>
  );
}
