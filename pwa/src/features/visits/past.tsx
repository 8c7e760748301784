/** Who came, as long as it is kept: by period and name, in numbers, and as a file. */
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { type Cell, exportAddress, history, statistics } from '../../api/visits';
import { at, setQuery } from '../../app/router';
import { may } from '../../app/session';
import { dayOf, formatDay, formatNumber, formatSince } from '../../i18n';
import { snapshot } from '../../offline/snapshot';
import { sites, usePages } from '../../people';
import { Button, ButtonLink, Empty, ErrorState, FormProblem, Page, Search, Section, Skeleton, Table, TextField } from '../../ui';
import { Standing } from './line';
import { types } from './store';
import { daysAfter } from './times';
import { t } from './words';
import '../../people/people.css';
import './visits.css';

const counted = (from: string, until: string) =>
  snapshot(`visits/statistics?${from}&${until}`, async () => ({ value: await statistics(from, until) }));

function Bars({ head, cells, called }: { head: string; cells: readonly Cell[]; called: (key: string) => string }) {
  const most = Math.max(1, ...cells.map(({ visits }) => visits));
  if (cells.length === 0) return null;
  return (
    <div class="stack tight">
      <h3>{head}</h3>
      <ul class="visit-bars">
        {cells.map(({ key, visits }) => (
          <li key={key}>
            <span>{called(key)}</span>
            <span class="visit-bar" style={{ '--part': visits / most }} aria-hidden="true" />
            <span class="figure">{formatNumber(visits)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Numbers({ from, until }: { from: string; until: string }) {
  const words = t().past;
  const asked = counted(from, until);
  useEffect(() => void asked.open(), [from, until]);
  const found = asked.value.value;
  const nameIn = (among: readonly { id: string; name: string }[] | null) => (key: string) =>
    among?.find(({ id }) => id === key)?.name ?? key;
  if (!found) {
    return asked.failure.value === null ? (
      <Skeleton />
    ) : (
      <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
    );
  }
  const isEmpty = Object.values(found).every((cells) => cells.length === 0);
  return (
    <Section title={words.numbers} about={words.fewer}>
      {isEmpty && <p class="muted">{words.noNumbers}</p>}
      <Bars head={words.by.types} cells={found.types} called={nameIn(types().value.value)} />
      <Bars head={words.by.sites} cells={found.sites} called={nameIn(sites().value.value)} />
      <Bars
        head={words.by.days}
        cells={found.days}
        called={(key) => formatDay(key, { weekday: 'short', day: 'numeric', month: 'short' })}
      />
      <Bars head={words.by.hours} cells={found.hours} called={(key) => `${key.padStart(2, '0')}:00`} />
    </Section>
  );
}

export default function Past() {
  const words = t();
  const { query } = at.value;
  const until = query.get('until') ?? dayOf(Date.now());
  const from = query.get('from') ?? daysAfter(until, -29);
  const name = query.get('q') ?? '';
  useEffect(() => {
    void types().open();
    void sites().open();
  }, []);
  const pages = usePages(`visits/history?${new URLSearchParams({ from, until, name })}`, (cursor) =>
    history({ from, until, name }, cursor),
  );
  const { items, first } = pages;
  return (
    <Page
      title={words.past.title}
      about={
        <>
          {words.past.about} <a href="/visit-deletions">{words.past.deletions}</a>
        </>
      }
      wide
      actions={
        <>
          {may('deny.propose', 'all') && (
            <ButtonLink icon="shield" href="/deny-list">
              {words.past.deny}
            </ButtonLink>
          )}
          <ButtonLink icon="download" href={exportAddress(from, until)} download={`visits-${from}-${until}.csv`}>
            {words.past.export}
          </ButtonLink>
        </>
      }
    >
      <div class="visit-filters">
        <TextField
          name="from"
          type="date"
          label={words.past.from}
          value={from}
          max={until}
          onValue={(day) => day && setQuery({ from: day })}
          required
        />
        <TextField
          name="until"
          type="date"
          label={words.past.until}
          value={until}
          min={from}
          onValue={(day) => day && setQuery({ until: day })}
          required
        />
      </div>
      <Search label={words.past.name} value={name} onValue={(q) => setQuery({ q })} />
      {items === null &&
        (first.failure.value === null ? (
          <Skeleton lines={6} />
        ) : (
          <ErrorState explained={explain(first.failure.value)} onRetry={() => void first.refresh()} />
        ))}
      {items?.length === 0 && (
        <Empty icon="calendar" title={words.past.empty.title}>
          {words.past.empty.text}
        </Empty>
      )}
      {items && items.length > 0 && (
        <Table
          caption={words.past.title}
          rows={items}
          rowKey={(one) => one.id}
          columns={[
            {
              key: 'name',
              head: words.name,
              cell: (one) => (may('visit.read', 'all') ? <a href={`/visits/${one.id}`}>{one.name}</a> : one.name),
            },
            { key: 'from', head: words.visit.arrived, cell: (one) => one.arrived_at && formatSince(one.arrived_at) },
            { key: 'until', head: words.visit.left, cell: (one) => one.left_at && formatSince(one.left_at) },
            { key: 'host', head: words.host, cell: (one) => one.host_name },
            { key: 'type', head: words.type, cell: (one) => one.type_name },
            { key: 'state', head: words.state, cell: (one) => <Standing of={one} /> },
          ]}
        />
      )}
      <FormProblem explained={pages.failure === null ? null : explain(pages.failure)} />
      {pages.more && (
        <Button busy={pages.busy} onClick={() => void pages.more?.()}>
          {words.more}
        </Button>
      )}
      <Numbers from={from} until={until} />
    </Page>
  );
}
