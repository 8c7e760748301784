/** What lies under the fences, as the server's settings say: the world in outlines by default, an archive or a tile server of one's own. */
import { computed, signal } from '@preact/signals';
import { answer, api, type components } from '../api';
import { kept, keep } from '../offline/snapshot';
import type { Language } from '../i18n';
import type { Palette } from './palette';
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';

export type Basemap = components['schemas']['BasemapOut'];
const KEPT = 'basemap';

const known = signal<Basemap | null>(null);
/** What the maps here lie on, once one of them has asked. */
export const basemapNow = computed(() => known.value);

/** What this server says; without an answer what it said last. Null: neither. */
export async function basemap(): Promise<Basemap | null> {
  try {
    known.value = await answer(api.GET('/api/v1/basemap'));
    void keep(KEPT, known.value).catch(() => undefined);
  } catch {
    known.value ??= await kept<Basemap>(KEPT);
  }
  return known.value;
}

const absolute = (url: string) => new URL(url, location.origin).href.replaceAll('%7B', '{').replaceAll('%7D', '}');

export function sourceOf(map: Basemap): SourceSpecification {
  if (map.kind === 'pmtiles') return { type: 'vector', url: `pmtiles://${absolute(map.url)}` };
  if (map.kind === 'vector') return { type: 'vector', tiles: [absolute(map.url)], maxzoom: 14 };
  return { type: 'raster', tiles: [absolute(map.url)], tileSize: 256, maxzoom: 19 };
}

const width = (at: readonly [zoom: number, width: number][]) =>
  ['interpolate', ['exponential', 1.5], ['zoom'], ...at.flat()] as unknown as number;
const among = (field: string, values: readonly string[]) => ['in', ['get', field], ['literal', values]] as ['in', ...unknown[]] as never;

/** Layers over one source of vector tiles (earth, water, roads, boundaries, places, by the names of the Protomaps schema), or over pictures. */
export function layersOf(map: Basemap, source: string, colours: Palette, language: Language): LayerSpecification[] {
  if (map.kind === 'raster') return [{ id: 'tiles', type: 'raster', source }];
  const name = ['coalesce', ['get', `name:${language}`], ['get', 'name']] as never;
  const of = (layer: string) => ({ source, 'source-layer': layer });
  const text = (color: string) => ({ 'text-color': color, 'text-halo-color': colours.halo, 'text-halo-width': 1.2 });
  return [
    { id: 'earth', type: 'fill', ...of('earth'), paint: { 'fill-color': colours.land } },
    {
      id: 'green',
      type: 'fill',
      ...of('landuse'),
      filter: among('kind', ['park', 'forest', 'wood', 'grass', 'nature_reserve', 'cemetery', 'golf_course', 'meadow']),
      paint: { 'fill-color': colours.green },
    },
    {
      id: 'built',
      type: 'fill',
      ...of('landuse'),
      filter: among('kind', ['industrial', 'school', 'university', 'hospital', 'aerodrome', 'commercial']),
      paint: { 'fill-color': colours.built },
    },
    { id: 'water', type: 'fill', ...of('water'), filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': colours.water } },
    {
      id: 'rivers',
      type: 'line',
      ...of('water'),
      filter: ['==', ['geometry-type'], 'LineString'],
      paint: {
        'line-color': colours.water,
        'line-width': width([
          [8, 0.5],
          [16, 4],
        ]),
      },
    },
    { id: 'buildings', type: 'fill', ...of('buildings'), minzoom: 14, paint: { 'fill-color': colours.building } },
    {
      id: 'paths',
      type: 'line',
      ...of('roads'),
      minzoom: 14,
      filter: among('kind', ['path', 'other']),
      paint: { 'line-color': colours.roadEdge, 'line-width': 1, 'line-dasharray': [3, 2] },
    },
    {
      id: 'rail',
      type: 'line',
      ...of('roads'),
      filter: among('kind', ['rail']),
      paint: {
        'line-color': colours.rail,
        'line-width': width([
          [8, 0.5],
          [16, 2],
        ]),
      },
    },
    ...roads(of('roads'), colours),
    {
      id: 'borders',
      type: 'line',
      ...of('boundaries'),
      paint: {
        'line-color': colours.border,
        'line-width': width([
          [2, 0.6],
          [8, 1.4],
        ]),
        'line-dasharray': [4, 2],
      },
    },
    {
      id: 'street-names',
      type: 'symbol',
      ...of('roads'),
      minzoom: 14,
      layout: { 'symbol-placement': 'line', 'text-field': name, 'text-font': FONT, 'text-size': 11 },
      paint: text(colours.textQuiet),
    },
    {
      id: 'places',
      type: 'symbol',
      ...of('places'),
      layout: {
        'text-field': name,
        'text-font': FONT,
        'text-size': ['match', ['get', 'kind'], 'country', 13, 'locality', 12, 11],
        'text-max-width': 8,
        'symbol-sort-key': ['coalesce', ['get', 'population_rank'], 0],
      },
      paint: text(colours.textQuiet),
    },
  ];
}

/** Drawn with the fonts of the device: no server of glyphs. */
export const FONT = ['system-ui', 'sans-serif'];
export const BOLD = ['Segoe UI Semibold', 'system-ui', 'sans-serif'];

const ROADS: readonly [id: string, kinds: readonly string[], from: number, at: readonly [number, number][]][] = [
  [
    'streets',
    ['minor_road'],
    12,
    [
      [12, 0.5],
      [15, 3],
      [18, 14],
    ],
  ],
  [
    'main-roads',
    ['major_road', 'medium_road'],
    8,
    [
      [8, 0.6],
      [14, 4],
      [18, 18],
    ],
  ],
  [
    'motorways',
    ['highway'],
    5,
    [
      [5, 0.6],
      [12, 3],
      [18, 22],
    ],
  ],
];

function roads(of: { source: string; 'source-layer': string }, colours: Palette): LayerSpecification[] {
  const drawn = (edge: boolean) =>
    ROADS.map(([id, kinds, minzoom, at]): LayerSpecification => ({
      id: edge ? `${id}-edge` : id,
      type: 'line',
      ...of,
      minzoom,
      filter: among('kind', kinds),
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': edge ? colours.roadEdge : colours.road,
        'line-width': width(at.map(([zoom, wide]) => [zoom, edge ? wide + 1.5 : wide])),
      },
    }));
  return [...drawn(true), ...drawn(false)];
}
