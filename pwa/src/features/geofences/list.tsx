import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { explain } from '../../api';
import { at, navigate, setQuery } from '../../app/router';
import { may } from '../../app/session';
import { byName } from '../../i18n';
import { currentFences, drawnFences, MapView, type DrawnFence } from '../../map';
import type { Entry } from '../../offline/outbox';
import { Age, Button, ButtonLink, Choice, Empty, ErrorState, Menu, Notice, Page, Search, Select, Skeleton, Status } from '../../ui';
import { isMeant, lineWords } from './line';
import { unsettled } from './saving';
import { groups, retiredFences, sites, type FenceLine } from './store';
import { t } from './words';
import './geofences.css';

const chosen = signal<string | null>(null);

const EXPORT = '/api/v1/fences/export?format=';

function exportAs(format: 'geojson' | 'kml') {
  const link = document.createElement('a');
  link.href = EXPORT + format;
  link.download = `geofences.${format}`;
  link.click();
}

/** What has not arrived yet, or was refused. */
function Unsettled() {
  const left = unsettled();
  if (left.length === 0) return null;
  const isTroubled = left.some((entry) => entry.state === 'conflict' || entry.state === 'refused');
  const name = ({ body }: Entry) => String(body?.['name'] ?? '');
  const href = (entry: Entry) => (entry.subject ? `/geofences/${entry.subject}/edit` : `/geofences/new?write=${entry.key}`);
  return (
    <Notice tone={isTroubled ? 'warn' : 'info'}>
      {isTroubled ? t().troubled : t().waiting(left.length)}
      <ul>
        {left.map((entry) => (
          <li key={entry.key}>
            <a href={href(entry)}>{entry.subject ? t().unsentEdit(name(entry)) : t().unsentNew(name(entry))}</a>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Rows({ fences }: { fences: readonly (FenceLine & Partial<DrawnFence>)[] }) {
  return (
    <ul class="fence-list" aria-label={t().list}>
      {fences.map((fence) => (
        <li key={fence.id} id={`fence-${fence.id}`} class={fence.id === chosen.value ? 'chosen' : undefined}>
          <a href={`/geofences/${fence.id}`} onFocus={() => (chosen.value = fence.id)} onMouseEnter={() => (chosen.value = fence.id)}>
            <strong>{fence.name}</strong>
            <span class="muted small">{lineWords(fence)}</span>
          </a>
          {fence.retired_at !== null && <Status>{t().retired}</Status>}
        </li>
      ))}
    </ul>
  );
}

function Nothing({ isFiltered, isRetired }: { isFiltered: boolean; isRetired: boolean }) {
  const words = t();
  if (isFiltered) {
    return (
      <Empty
        icon="search"
        title={words.nothingFound.title}
        action={<Button onClick={() => setQuery({ q: null, site: null })}>{words.nothingFound.action}</Button>}
      >
        {words.nothingFound.text}
      </Empty>
    );
  }
  if (isRetired) {
    return (
      <Empty icon="map" title={words.emptyRetired.title}>
        {words.emptyRetired.text}
      </Empty>
    );
  }
  const action = may('fence.edit', 'all')
    ? {
        action: (
          <ButtonLink look="primary" icon="add" href="/geofences/new">
            {words.draw}
          </ButtonLink>
        ),
      }
    : {};
  return (
    <Empty icon="map" title={words.empty.title} {...action}>
      {words.empty.text}
    </Empty>
  );
}

function Filters({ isRetired, typed, site }: { isRetired: boolean; typed: string; site: string }) {
  const words = t();
  const known = sites().value.value ?? [];
  return (
    <div class="filters">
      <Search label={words.search} value={typed} onValue={(q) => setQuery({ q })} />
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
      {known.length > 0 && (
        <Select
          name="site"
          label={words.site}
          value={site}
          options={[{ value: '', label: words.allSites }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
          onValue={(value) => setQuery({ site: value })}
        />
      )}
    </div>
  );
}

function Actions() {
  const words = t();
  const mayEdit = may('fence.edit', 'all');
  return (
    <>
      <Menu
        label={words.more}
        look="plain"
        actions={[
          ...(mayEdit ? [{ label: words.import, icon: 'upload' as const, run: () => navigate('/geofences/import') }] : []),
          { label: words.exportAs.geojson, icon: 'download', run: () => exportAs('geojson') },
          { label: words.exportAs.kml, icon: 'download', run: () => exportAs('kml') },
        ]}
      />
      {mayEdit && (
        <ButtonLink look="primary" icon="add" href="/geofences/new">
          {words.draw}
        </ButtonLink>
      )}
    </>
  );
}

/** All geofences: a map and a list of the same. */
export default function Geofences() {
  const { query } = at.value;
  const isRetired = query.get('standing') === 'retired';
  const typed = query.get('q') ?? '';
  const site = query.get('site') ?? '';
  const current = currentFences();
  const asked = isRetired ? retiredFences() : current;
  useEffect(() => void asked.open(), [isRetired]);
  useEffect(() => {
    void sites().open();
    void groups().open();
  }, []);

  const drawn = useMemo(() => drawnFences(current.value.value), [current.value.value]);
  const all: readonly (FenceLine & Partial<DrawnFence>)[] | null = isRetired ? retiredFences().value.value : current.value.value && drawn;
  const isWanted = (fence: FenceLine) => isMeant(fence, typed) && (site === '' || fence.site_id === site);
  const shown = useMemo(() => (all ?? []).filter(isWanted).toSorted(byName((fence) => fence.name)), [all, typed, site]);
  const onMap = useMemo(() => drawn.map((fence) => ({ ...fence, quiet: isRetired || !isWanted(fence) })), [drawn, typed, site, isRetired]);
  const select = (id: string | null) => {
    chosen.value = id;
    if (id) document.getElementById(`fence-${id}`)?.scrollIntoView({ block: 'nearest' });
  };
  const words = t();
  const age = asked.fetched_ms.value;
  return (
    <Page title={words.title} about={words.about} actions={<Actions />} busy={asked.loading.value && all !== null} wide>
      <Unsettled />
      <div class="beside-map">
        <div class="stack">
          <Filters {...{ isRetired, typed, site }} />
          {all === null &&
            (asked.failure.value ? (
              <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
            ) : (
              <Skeleton lines={6} />
            ))}
          {all !== null && shown.length === 0 && <Nothing isFiltered={typed !== '' || site !== ''} isRetired={isRetired} />}
          {shown.length > 0 && <Rows fences={shown} />}
          {age !== null && asked.failure.value !== null && (
            <p class="muted small">
              <Age at={age} />
            </p>
          )}
        </div>
        <div class="map-side">
          <MapView label={words.mapOf(shown.length)} fences={onMap} selected={chosen.value} onSelect={select} />
        </div>
      </div>
    </Page>
  );
}
