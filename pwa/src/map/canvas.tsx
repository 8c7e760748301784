/**
 * The map itself, in order:
 * 1. It is made at once, with the fences alone; what lies under them follows when the server has said what that is.
 * 2. A new theme, language or basemap is a new style; MapLibre changes only what differs, and the fences stay.
 * 3. New fences replace the data of two sources: areas and names. People are never in either.
 */
import { useSignal } from '@preact/signals';
import type { GeoJSONSource, Map } from 'maplibre-gl';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { language } from '../i18n';
import { Button, Notice } from '../ui';
import { basemap, type Basemap } from './basemap';
import { isDark } from './dark';
import { newMap } from './engine';
import { areasOf, boundsAround, namesOf, type MapFence } from './features';
import { area_m2 } from './measure';
import type { Bounds } from './shape';
import { AREAS, FILL, isChosen, NAMES, styleOf } from './style';
import type { MapViewProps } from '.';
import { t } from './words';

const MARGIN_PX = 48;
const TOOLS_PX = 24;
const CLOSEST = 17;
const TINY_PX = 20;

const show = (map: Map, bounds: Bounds | null, animate: boolean) => {
  const { clientWidth, clientHeight } = map.getContainer();
  const margin = Math.min(MARGIN_PX, clientWidth / 6, clientHeight / 6);
  const padding = { top: margin, bottom: margin, left: margin, right: margin + TOOLS_PX };
  if (bounds) map.fitBounds(bounds, { padding, maxZoom: CLOSEST, animate, duration: 400 });
};

/** Whether a box lies in sight and is large enough to be seen. */
function isInSight(map: Map, [west, south, east, north]: Bounds): boolean {
  const [low, high] = [map.project([west, south]), map.project([east, north])];
  const { clientWidth, clientHeight } = map.getContainer();
  const isInside = low.x >= 0 && high.x <= clientWidth && high.y >= 0 && low.y <= clientHeight;
  return isInside && Math.max(high.x - low.x, low.y - high.y) >= TINY_PX;
}

/** The smallest fence under the pointer: a large one around it can be pressed elsewhere. */
function fenceAt(map: Map, point: { x: number; y: number }, fences: readonly MapFence[]): string | null {
  const ids = new Set(map.queryRenderedFeatures([point.x, point.y], { layers: [FILL] }).map((found) => String(found.properties['id'])));
  const under = fences.filter((fence) => ids.has(fence.id)).sort((a, b) => area_m2(a.shape) - area_m2(b.shape));
  return under[0]?.id ?? null;
}

function Tools({ map, all }: { map: Map; all: Bounds | null }) {
  return (
    <div class="map-tools">
      <Button icon="add" label={t().zoomIn} onClick={() => map.zoomIn()} />
      <Button icon="minus" label={t().zoomOut} onClick={() => map.zoomOut()} />
      {all && <Button icon="fit" label={t().showAll} onClick={() => show(map, all, true)} />}
    </div>
  );
}

/** The fences' data, whenever they or the map change. */
function useData(map: Map | null, fences: readonly MapFence[]): void {
  useEffect(() => {
    map?.getSource<GeoJSONSource>(AREAS)?.setData(areasOf(fences));
    map?.getSource<GeoJSONSource>(NAMES)?.setData(namesOf(fences));
  }, [map, fences]);
}

/** Move to what is asked for: `focus` when it changes, all fences when the first ones come, the selected one when it is out of sight. */
function useCamera(map: Map | null, { fences, focus, selected }: MapViewProps, all: Bounds | null): void {
  const moved = useRef(false);
  const wanted = useMemo(() => (focus ? boundsAround(focus) : null), [focus]);
  const aim = JSON.stringify(wanted);
  useEffect(() => {
    const target = wanted ?? (moved.current ? null : all);
    if (!map || !target) return;
    show(map, target, moved.current);
    moved.current = true;
  }, [map, aim, all === null]);
  useEffect(() => {
    const chosen = fences.find((fence) => fence.id === selected);
    const bounds = chosen ? boundsAround([chosen.shape]) : null;
    if (map && bounds && !isInSight(map, bounds)) show(map, bounds, true);
    map?.setFilter('fence-chosen-fill', isChosen(selected ?? null));
    map?.setFilter('fence-chosen-line', isChosen(selected ?? null));
  }, [map, selected]);
}

/** Theme, language and basemap; MapLibre is told what changed. */
function useStyle(map: Map | null, under: Basemap | null, selected: string | null): void {
  useEffect(() => {
    if (!map) return;
    const next = styleOf({ basemap: under, dark: isDark.value, language: language.value, chosen: selected });
    map.setStyle(next, {
      transformStyle: (before, style) => ({
        ...style,
        sources: { ...style.sources, ...(before && { [AREAS]: before.sources[AREAS]!, [NAMES]: before.sources[NAMES]! }) },
      }),
    });
  }, [map, under, isDark.value, language.value]);
}

function usePressing(map: Map | null, { fences, onSelect }: MapViewProps): void {
  const latest = useRef({ fences, onSelect });
  latest.current = { fences, onSelect };
  useEffect(() => {
    if (!map || !onSelect) return;
    const press = map.on('click', (event) => latest.current.onSelect?.(fenceAt(map, event.point, latest.current.fences)));
    const point = (cursor: string) => () => void (map.getCanvas().style.cursor = cursor);
    const enter = map.on('mouseenter', FILL, point('pointer'));
    const leave = map.on('mouseleave', FILL, point(''));
    return () => [press, enter, leave].forEach((listening) => listening.unsubscribe());
  }, [map, !onSelect]);
}

export default function Canvas(props: MapViewProps) {
  const { label, fences, selected = null, onMap, children } = props;
  const box = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<Map | null>(null);
  const under = useSignal<Basemap | null>(null);
  const trouble = useSignal<'none' | 'tiles' | 'webgl'>('none');
  const all = useMemo(() => boundsAround(fences.map((fence) => fence.shape)), [fences]);

  useEffect(() => {
    if (!box.current) return;
    let made: Map | null = null;
    try {
      made = newMap(box.current, styleOf({ basemap: null, dark: isDark.value, language: language.value, chosen: selected }), label);
    } catch (error) {
      console.warn(error);
      trouble.value = 'webgl';
      return;
    }
    made.on('error', () => (trouble.value = 'tiles'));
    void made.once('style.load').then(() => setMap(made));
    void basemap().then((found) => (found ? (under.value = found) : (trouble.value = 'tiles')));
    return () => {
      onMap?.(null);
      made.remove();
    };
  }, []);
  useEffect(() => {
    if (map) onMap?.(map);
  }, [map]);
  useEffect(() => map?.getCanvas().setAttribute('aria-label', label), [map, label]);
  useStyle(map, under.value, selected);
  useData(map, fences);
  useCamera(map, props, all);
  usePressing(map, props);

  if (trouble.value === 'webgl') {
    return (
      <Notice tone="warn" title={t().notDrawn}>
        {t().notDrawnText}
      </Notice>
    );
  }
  return (
    <>
      <div class="map-canvas" ref={box} />
      {map && children}
      {map && <Tools map={map} all={all} />}
      <p class="map-credit">
        {trouble.value === 'tiles' && !under.value
          ? t().noBackground
          : [under.value?.overview && t().overview, under.value?.attribution].filter(Boolean).join(' · ')}
      </p>
    </>
  );
}
