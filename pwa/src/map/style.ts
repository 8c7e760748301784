/** The whole style of a map: what lies under, then the fences. No glyphs and no sprites are fetched from anywhere. */
import type { FilterSpecification, GeoJSONSourceSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { Language } from '../i18n';
import { type Basemap, BOLD, layersOf, sourceOf } from './basemap';
import { DARK, LIGHT, type Palette } from './palette';

export const AREAS = 'fence-areas';
export const NAMES = 'fence-names';
export const FILL = 'fence-fill';
const UNDER = 'under';
const NOTHING: GeoJSONSourceSpecification = { type: 'geojson', data: { type: 'FeatureCollection', features: [] } };

export interface Look {
  basemap: Basemap | null;
  dark: boolean;
  language: Language;
  chosen: string | null;
}

export const paletteOf = (dark: boolean): Palette => (dark ? DARK : LIGHT);
export const isChosen = (id: string | null): FilterSpecification => ['==', ['get', 'id'], id ?? ''];

export function styleOf({ basemap, dark, language, chosen }: Look): StyleSpecification {
  const colours = paletteOf(dark);
  return {
    version: 8,
    sources: {
      ...(basemap && { [UNDER]: sourceOf(basemap) }),
      [AREAS]: { ...NOTHING, tolerance: 0.05 },
      [NAMES]: NOTHING,
    },
    layers: [
      {
        id: 'ground',
        type: 'background',
        paint: { 'background-color': basemap?.kind === 'raster' || !basemap ? colours.land : colours.water },
      },
      ...(basemap ? layersOf(basemap, UNDER, colours, language) : []),
      ...fenceLayers(colours, chosen),
    ],
  };
}

function fenceLayers(colours: Palette, chosen: string | null): LayerSpecification[] {
  const colour = ['case', ['get', 'quiet'], colours.fenceQuiet, colours.fence] as never;
  return [
    { id: FILL, type: 'fill', source: AREAS, paint: { 'fill-color': colour, 'fill-opacity': ['case', ['get', 'quiet'], 0.06, 0.16] } },
    { id: 'fence-line', type: 'line', source: AREAS, layout: { 'line-join': 'round' }, paint: { 'line-color': colour, 'line-width': 2 } },
    {
      id: 'fence-chosen-fill',
      type: 'fill',
      source: AREAS,
      filter: isChosen(chosen),
      paint: { 'fill-color': colours.chosen, 'fill-opacity': 0.18 },
    },
    {
      id: 'fence-chosen-line',
      type: 'line',
      source: AREAS,
      filter: isChosen(chosen),
      layout: { 'line-join': 'round' },
      paint: { 'line-color': colours.chosen, 'line-width': 3.5 },
    },
    {
      id: 'fence-label',
      type: 'symbol',
      source: NAMES,
      layout: {
        'text-field': [
          'case',
          ['==', ['get', 'figures'], ''],
          ['get', 'name'],
          ['format', ['get', 'figures'], { 'font-scale': 1.35 }, '\n', {}, ['get', 'name'], {}],
        ] as never,
        'text-font': BOLD,
        'text-size': 13,
        'text-max-width': 9,
        'text-line-height': 1.15,
        'symbol-sort-key': ['get', 'order'],
      },
      paint: { 'text-color': colours.text, 'text-halo-color': colours.halo, 'text-halo-width': 1.6 },
    },
  ];
}
