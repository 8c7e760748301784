/** The roll call: who is believed on site now, what goes on, and what was. */
import { useEffect } from 'preact/hooks';
import { connection, explain } from '../../api';
import { may, me } from '../../app/session';
import { formatSince } from '../../i18n';
import { listen } from '../../live/stream';
import { usePages } from '../../people';
import type { Pages } from '../../people/pages';
import { readLines } from '../../rollcall/api';
import { STANDINGS } from '../../rollcall/merge';
import { atHand, begunHere, lines, openBegun, ownOf } from '../../rollcall/store';
import type { AtHand, Entry, Line } from '../../rollcall/types';
import { Age, Button, ButtonLink, Empty, ErrorState, Notice, Page, Section, Skeleton, Status } from '../../ui';
import { TONES } from './list';
import { Paper, printSheet } from './paper';
import './roll-call.css';
import { inOrder, PARTS, partOf } from './rows';
import { siteNames } from './sites';
import { t } from './words';

const sitesOf = (ids: readonly string[]) => [...siteNames(atHand.value.value?.sites, ids).values()].join(', ');

function paper(at: AtHand): void {
  printSheet({
    title: t().title,
    at: new Date(atHand.fetched_ms.peek() ?? Date.now()).toISOString(),
    sites: siteNames(at.sites),
    people: inOrder(at.people).map((of) => ({ of, stands: 'open' })),
  });
}

/** How many are believed at each site, by why. */
function Now({ at }: { at: AtHand }) {
  const words = t();
  const bySite = Map.groupBy(at.people, ({ site_id }) => site_id ?? '');
  const places = [...at.sites, { id: '', name: words.noSite }].filter(({ id }) => (bySite.get(id)?.length ?? 0) > 0);
  const said = (people: readonly Entry[]) =>
    PARTS.map((part) => [part, people.filter(({ basis }) => partOf(basis) === part).length] as const)
      .filter(([, count]) => count > 0)
      .map(([part, count]) => `${words.parts[part].toLowerCase()}: ${count}`)
      .join(' · ');
  if (places.length === 0) {
    return (
      <Empty icon="group" title={words.nobody}>
        {words.nobodyText}
      </Empty>
    );
  }
  return (
    <ul class="lines">
      {places.map(({ id, name }) => (
        <li key={id} class="row spread">
          <span class="stack tight">
            <strong>{name}</strong>
            <span class="muted small">{said(bySite.get(id) ?? [])}</span>
          </span>
          <span class="roll-count">{bySite.get(id)?.length}</span>
        </li>
      ))}
    </ul>
  );
}

function CallLine({ of }: { of: Line }) {
  const words = t();
  return (
    <li class="roll-line">
      <a href={`/roll-call/${of.id}`}>
        <strong>{sitesOf(of.site_ids) || words.title}</strong>
        <span class="muted small">
          {words.began(formatSince(of.started_at))}
          {of.ended_at && ` · ${words.ended(formatSince(of.ended_at))}`}
        </span>
      </a>
      <span class="row wrap">
        <Status tone={of.exercise === 'actual' ? 'bad' : 'info'}>{words.exercises[of.exercise]}</Status>
        {STANDINGS.filter((one) => (of.tally[one] ?? 0) > 0).map((one) => (
          <Status key={one} tone={TONES[one]}>
            {words.saidOf(words.standings[one], String(of.tally[one]))}
          </Status>
        ))}
      </span>
    </li>
  );
}

/** Begun on this device, and not with the server yet. */
function Here() {
  const words = t();
  return begunHere.value.map((id) => {
    const start = ownOf(id).value.start;
    return (
      start && (
        <li key={id} class="roll-line">
          <a href={`/roll-call/${id}`}>
            <strong>{sitesOf(start.site_ids) || words.title}</strong>
            <span class="muted small">{words.began(formatSince(start.started_at))}</span>
          </a>
          <Status tone="warn" icon="wait">
            {words.here}
          </Status>
        </li>
      )
    );
  });
}

function Calls({ items }: { items: readonly Line[] | null }) {
  const words = t();
  useEffect(() => listen({ kind: 'roll_call', onNews: () => void lines.refresh(), onFresh: () => void lines.refresh() }), []);
  useEffect(() => void openBegun().catch(() => undefined), [items]);
  const on = (items ?? []).filter(({ ended_at }) => ended_at === null);
  const here = begunHere.value.filter((id) => ownOf(id).value.start !== null && !on.some((one) => one.id === id));
  if (on.length + here.length === 0) return null;
  return (
    <Section title={words.on}>
      <ul class="lines">
        {here.length > 0 && <Here />}
        {on.map((one) => (
          <CallLine key={one.id} of={one} />
        ))}
      </ul>
    </Section>
  );
}

function Past({ of: { items, failure, more, busy } }: { of: Pages<Line> }) {
  const words = t();
  const past = (items ?? []).filter(({ ended_at }) => ended_at !== null);
  return (
    <Section title={words.past}>
      {items === null && !failure && lines.failure.value === null ? (
        <Skeleton lines={2} />
      ) : past.length > 0 ? (
        <ul class="lines">
          {past.map((one) => (
            <CallLine key={one.id} of={one} />
          ))}
        </ul>
      ) : (
        <p class="muted">
          {words.nonePast}. {words.nonePastText}
        </p>
      )}
      {more && (
        <Button busy={busy} onClick={() => void more()}>
          {words.more}
        </Button>
      )}
    </Section>
  );
}

function Posters({ at }: { at: AtHand }) {
  const words = t().poster;
  return (
    <Section title={words.posters} about={words.about}>
      <ul class="lines">
        {at.sites.map(({ id, name }) => (
          <li key={id}>
            <a href={`/sites/${id}/assembly-point`}>{words.title(name)}</a>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export default function RollCalls() {
  const words = t();
  const calls = usePages<Line>('roll-calls', readLines);
  useEffect(() => void atHand.open(), []);
  const at = atHand.value.value;
  const failure = atHand.failure.value;
  return (
    <Page
      title={words.title}
      about={words.about}
      busy={atHand.loading.value && at !== null}
      actions={
        <>
          {at && (
            <Button icon="list" onClick={() => paper(at)}>
              {words.print}
            </Button>
          )}
          {may('roll_call.start', 'all') && (
            <ButtonLink look="primary" icon="flag" href="/roll-call/start">
              {words.begin}
            </ButtonLink>
          )}
        </>
      }
    >
      {connection.value !== 'online' && at && <Notice tone="warn">{words.offlineList}</Notice>}
      <Calls items={calls.items} />
      <Section
        title={words.now}
        about={
          at && (
            <>
              {words.onSite(at.people.length)}. {words.asOf} <Age at={atHand.fetched_ms.value ?? 0} />.{' '}
              {me.value?.shared_computer ? words.notKept : words.kept}
            </>
          )
        }
      >
        {at ? <Now at={at} /> : failure ? <ErrorState explained={explain(failure)} onRetry={() => void atHand.refresh()} /> : <Skeleton />}
      </Section>
      <Past of={calls} />
      {at && may('visit.set_up', 'all') && <Posters at={at} />}
      <Paper />
    </Page>
  );
}
