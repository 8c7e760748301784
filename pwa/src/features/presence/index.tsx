import { useEffect, useMemo } from 'preact/hooks';
import { explain } from '../../api';
import { at, setQuery } from '../../app/router';
import { byName, formatSince } from '../../i18n';
import { line } from '../../live/stream';
import { currentFences, drawnFences, MapView } from '../../map';
import { Age, Button, Choice, Empty, ErrorState, LongList, Page, Search, Select, Skeleton, Status, type Tone } from '../../ui';
import { counted, filtered, peopleOf, type PersonRow, type Place, type Presence, type Standing } from './board';
import './presence.css';
import { board, follow, groups, last, shown } from './store';
import { t } from './words';

const TONES: Record<Standing, Tone> = { inside: 'good', unknown: 'warn', assumed_left: 'neutral' };
const STANDINGS = ['inside', 'unknown', 'assumed_left'] as const;

function How({ place }: { place: Place }) {
  const { standing, since, unknown_since } = place;
  const words = t();
  const when = standing === 'inside' ? words.insideSince(formatSince(since)) : words.unknownSince(formatSince(unknown_since ?? since));
  return (
    <span class="muted small">
      {place.fence} · {when}
      {standing !== 'inside' && ` · ${words.enteredAt(formatSince(since))}`}
    </span>
  );
}

function Person({ row }: { row: PersonRow }) {
  const first = row.places[0];
  if (!first) return null;
  return (
    <>
      <span class="present">
        <strong>{row.name}</strong>
        <How place={first} />
        {row.places.slice(1, 2).map((place) => (
          <How key={place.fence_id} place={place} />
        ))}
      </span>
      <Status tone={TONES[first.standing]}>{t().standings[first.standing]}</Status>
    </>
  );
}

function Tally({ rows }: { rows: readonly PersonRow[] }) {
  const counts = counted(rows);
  return (
    <dl class="tally">
      {STANDINGS.filter((standing) => standing !== 'assumed_left' || counts.assumed_left > 0).map((standing) => (
        <div key={standing}>
          <dt>{t().standings[standing]}</dt>
          <dd>{counts[standing]}</dd>
        </div>
      ))}
    </dl>
  );
}

function FenceTally({ presence, chosen }: { presence: Presence; chosen: string }) {
  const words = t();
  return (
    <ul class="fence-tally" aria-label={words.fences}>
      {presence.fences.toSorted(byName((fence) => fence.name)).map((fence) => (
        <li key={fence.fence_id}>
          <button
            type="button"
            aria-pressed={fence.fence_id === chosen}
            onClick={() => setQuery({ fence: fence.fence_id === chosen ? null : fence.fence_id })}
          >
            <span>{fence.name}</span>
            <span class="muted">{words.figuresSaid(fence.inside, fence.unknown)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Filters({ presence, asked }: { presence: Presence | null; asked: Asked }) {
  const words = t();
  const known = groups().value.value ?? [];
  const fences = presence?.fences ?? [];
  return (
    <div class="presence-filters">
      <Search label={words.search} value={asked.text} onValue={(q) => setQuery({ q })} />
      <Choice
        quiet
        label={words.which}
        value={asked.standing}
        options={[
          { value: '', label: words.everyone },
          { value: 'inside', label: words.standings.inside },
          { value: 'unknown', label: words.standings.unknown },
        ]}
        onValue={(standing) => setQuery({ standing })}
      />
      <Select
        name="fence"
        label={words.fence}
        value={asked.fence_id}
        options={[{ value: '', label: words.allFences }, ...fences.map(({ fence_id, name }) => ({ value: fence_id, label: name }))]}
        onValue={(fence) => setQuery({ fence })}
      />
      {known.length > 0 && (
        <Select
          name="group"
          label={words.group}
          value={asked.group_id}
          options={[{ value: '', label: words.allGroups }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
          onValue={(group) => setQuery({ group })}
        />
      )}
    </div>
  );
}

interface Asked {
  text: string;
  fence_id: string;
  group_id: string;
  standing: Standing | '';
}

function asked(): Asked {
  const { query } = at.value;
  const standing = STANDINGS.find((known) => known === query.get('standing')) ?? '';
  return { text: query.get('q') ?? '', fence_id: query.get('fence') ?? '', group_id: query.get('group') ?? '', standing };
}

/** Said aloud for those who cannot see the list move; one at a time. */
function Said() {
  const words = t();
  const news = last.value;
  return (
    <p role="status" class="unseen">
      {news && (news.isInside ? words.cameIn(news.person, news.fence) : words.wentOut(news.person, news.fence))}
    </p>
  );
}

function Now({ since }: { since: number | null }) {
  const words = t();
  if (line.value === 'live') return <Status tone="good">{words.live}</Status>;
  return (
    <>
      {words.notLive} {since !== null && <>{words.asOf} </>}
      {since !== null && <Age at={since} />}
    </>
  );
}

/** Who is on site: a map with figures, and a list of the same people. Never a dot for a person. */
export default function PresenceScreen() {
  const words = t();
  const wanted = asked();
  const answered = board(wanted.group_id);
  useEffect(() => follow(wanted.group_id), [wanted.group_id]);
  useEffect(() => {
    void groups().open();
    void currentFences().open();
  }, []);
  const presence = shown.value;
  const everybody = useMemo(() => (presence ? peopleOf(presence).toSorted(byName((row) => row.name)) : []), [presence]);
  const rows = useMemo(() => filtered(everybody, wanted), [everybody, wanted.text, wanted.fence_id, wanted.standing]);
  const drawn = useMemo(() => drawnFences(currentFences().value.value), [currentFences().value.value]);
  const onMap = useMemo(() => {
    const there = new Map(presence?.fences.map((fence) => [fence.fence_id, fence]));
    return drawn.map((fence) => {
      const found = there.get(fence.id);
      return found ? { ...fence, figures: words.figures(found.inside, found.unknown) } : { ...fence, quiet: true };
    });
  }, [drawn, presence]);
  return (
    <Page title={words.title} about={<Now since={answered.fetched_ms.value} />} busy={answered.loading.value && presence !== null} wide>
      <Said />
      <div class="presence">
        <div class="stack">
          {presence && <Tally rows={everybody} />}
          <Filters presence={presence} asked={wanted} />
          <People presence={presence} rows={rows} total={everybody.length} group_id={wanted.group_id} />
          <p class="muted small">
            {words.legend} {words.trace}
          </p>
        </div>
        <div class="map-side">
          <MapView
            label={words.mapOf(counted(everybody).inside)}
            fences={onMap}
            selected={wanted.fence_id || null}
            onSelect={(fence) => setQuery({ fence })}
          />
          {presence && presence.fences.length > 0 && <FenceTally presence={presence} chosen={wanted.fence_id} />}
        </div>
      </div>
    </Page>
  );
}

function People({
  presence,
  rows,
  total,
  group_id,
}: {
  presence: Presence | null;
  rows: readonly PersonRow[];
  total: number;
  group_id: string;
}) {
  const words = t();
  const answered = board(group_id);
  if (!presence) {
    const { value: failure } = answered.failure;
    return failure ? <ErrorState explained={explain(failure)} onRetry={() => void answered.refresh()} /> : <Skeleton lines={8} />;
  }
  if (total === 0) {
    return (
      <Empty icon="pin" title={words.nobody.title}>
        {words.nobody.text}
      </Empty>
    );
  }
  if (rows.length === 0) {
    const showAll = () => setQuery({ q: null, fence: null, standing: null });
    return (
      <Empty icon="search" title={words.nothingFound.title} action={<Button onClick={showAll}>{words.nothingFound.action}</Button>}>
        {words.nothingFound.text}
      </Empty>
    );
  }
  return (
    <LongList label={words.list(rows.length)} rows={rows} rowKey={(row) => row.person_id} row_rem={4.5}>
      {(row) => <Person row={row} />}
    </LongList>
  );
}
