/** The day list of a site: who is expected, who is here, who has left; and what whoever receives does about it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { type Visit, VISIT_STATES, type VisitState } from '../../api/visits';
import { at, setQuery } from '../../app/router';
import { may } from '../../app/session';
import { byName, dayOf, formatDay } from '../../i18n';
import { sites } from '../../people';
import { Age, Button, ButtonLink, Choice, Empty, ErrorState, Page, Search, Select, Skeleton, Table, TextField } from '../../ui';
import { Full, Standing, Steps, times } from './line';
import { dayOfSite, keepFresh, stateOf, types } from './store';
import { daysAfter } from './times';
import { WalkIn } from './walk-in';
import { t } from './words';
import '../../people/people.css';
import './visits.css';

const PARTS = ['all', 'there', 'expected', 'left'] as const;
type Part = (typeof PARTS)[number];

export const partOf = (state: VisitState): Exclude<Part, 'all'> =>
  state === 'waiting' || state === 'on_site' ? 'there' : state === 'expected' ? 'expected' : 'left';

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Whoever waits first, then who is here, then who is to come; each by time. */
export function shown(visits: readonly Visit[], part: Part, search: string): Visit[] {
  const wanted = fold(search);
  return visits
    .filter((one) => part === 'all' || partOf(stateOf(one)) === part)
    .filter((one) => !wanted || fold(`${one.name} ${one.host_name ?? ''}`).includes(wanted))
    .toSorted(
      (a, b) => VISIT_STATES.indexOf(stateOf(a)) - VISIT_STATES.indexOf(stateOf(b)) || a.expected_from.localeCompare(b.expected_from),
    );
}

function List({ visits, onDone }: { visits: readonly Visit[]; onDone: () => void }) {
  const words = t();
  return (
    <Table
      caption={words.title}
      rows={visits}
      rowKey={(one) => one.id}
      href={(one) => `/visits/${one.id}`}
      columns={[
        { key: 'name', head: words.name, cell: (one) => one.name },
        { key: 'state', head: words.state, cell: (one) => <Standing of={one} /> },
        { key: 'time', head: words.time, cell: times },
        { key: 'host', head: words.host, cell: (one) => one.host_name },
        { key: 'type', head: words.type, cell: (one) => one.type_name },
        { key: 'badge', head: words.badge, align: 'end', cell: (one) => one.badge_number },
        { key: 'do', head: words.do, bare: true, align: 'end', cell: (one) => <Steps of={one} onDone={onDone} /> },
      ]}
    />
  );
}

function Filters({ site_id, on, part }: { site_id: string; on: string; part: Part }) {
  const words = t();
  const known = (sites().value.value ?? []).toSorted(byName((one) => one.name));
  const go = (day: string) => setQuery({ on: day === dayOf(Date.now()) ? null : day });
  return (
    <div class="stack">
      <div class="visit-filters">
        {known.length > 1 && (
          <Select
            name="site"
            label={words.site}
            value={site_id}
            options={known.map(({ id, name }) => ({ value: id, label: name }))}
            onValue={(site) => setQuery({ site })}
          />
        )}
        <div class="visit-day">
          <Button look="quiet" icon="arrowLeft" label={words.before} onClick={() => go(daysAfter(on, -1))} />
          <TextField name="on" type="date" label={words.day} value={on} onValue={(day) => day && go(day)} required />
          <Button look="quiet" icon="arrowRight" label={words.after} onClick={() => go(daysAfter(on, 1))} />
        </div>
        <Choice
          label={words.which}
          value={part}
          options={PARTS.map((value) => ({ value, label: words.parts[value] }))}
          onValue={(value) => setQuery({ part: value === 'all' ? null : value })}
        />
      </div>
      <Search label={words.search} value={at.value.query.get('q') ?? ''} onValue={(q) => setQuery({ q })} />
    </div>
  );
}

function Day({ site_id, on }: { site_id: string; on: string }) {
  const words = t();
  const asked = dayOfSite(site_id, on);
  const refresh = () => void asked.refresh();
  useEffect(() => {
    void asked.open();
    return keepFresh(refresh);
  }, [site_id, on]);
  const part = (at.value.query.get('part') ?? 'all') as Part;
  const search = at.value.query.get('q') ?? '';
  const all = asked.value.value;
  const visits = all && shown(all, part, search);
  const count = (wanted: Part) => all?.filter((one) => partOf(stateOf(one)) === wanted).length ?? 0;
  return (
    <>
      <Filters {...{ site_id, on, part }} />
      <Full />
      {all === null &&
        (asked.failure.value === null ? <Skeleton lines={6} /> : <ErrorState explained={explain(asked.failure.value)} onRetry={refresh} />)}
      {all?.length === 0 && (
        <Empty icon="person" title={words.empty.title}>
          {words.empty.text}
        </Empty>
      )}
      {all && all.length > 0 && visits?.length === 0 && (
        <Empty
          icon="search"
          title={words.nothing.title}
          action={<Button onClick={() => setQuery({ q: null, part: null })}>{words.nothing.action}</Button>}
        >
          {words.nothing.text}
        </Empty>
      )}
      {visits && visits.length > 0 && (
        <>
          <p class="muted" aria-live="polite">
            {formatDay(on)} · {words.figures(count('there'), count('expected'))}
          </p>
          <List visits={visits} onDone={refresh} />
        </>
      )}
      {all && asked.failure.value !== null && asked.fetched_ms.value !== null && (
        <p class="muted small">
          {words.asOf} <Age at={asked.fetched_ms.value} />
        </p>
      )}
    </>
  );
}

export default function Visits() {
  const words = t();
  const walksIn = useSignal(false);
  useEffect(() => {
    void sites().open();
    void types().open();
  }, []);
  const known = sites().value.value;
  const first = known?.toSorted(byName((one) => one.name))[0]?.id;
  const site_id = at.value.query.get('site') ?? first;
  const on = at.value.query.get('on') ?? dayOf(Date.now());
  return (
    <Page
      title={words.title}
      about={words.about}
      wide
      actions={
        <>
          {may('visit.set_up', 'all') && (
            <ButtonLink icon="settings" href="/visit-setup">
              {words.setUp}
            </ButtonLink>
          )}
          {site_id && (
            <Button icon="add" onClick={() => (walksIn.value = true)}>
              {words.walkIn}
            </Button>
          )}
          <ButtonLink look="primary" icon="send" href="/visits/invite">
            {words.invite}
          </ButtonLink>
        </>
      }
    >
      {known?.length === 0 ? (
        <Empty icon="building" title={words.noSites.title}>
          {words.noSites.text}
        </Empty>
      ) : site_id ? (
        <Day site_id={site_id} on={on} />
      ) : sites().failure.value ? (
        <ErrorState explained={explain(sites().failure.value)} onRetry={() => void sites().refresh()} />
      ) : (
        <Skeleton lines={6} />
      )}
      {walksIn.value && site_id && (
        <WalkIn site_id={site_id} onClose={() => (walksIn.value = false)} onDone={() => void dayOfSite(site_id, on).refresh()} />
      )}
    </Page>
  );
}
