import type { Feature, FeatureCollection } from 'geojson';
import { labelPlace, outline } from './measure';
import { boundsOf, type Bounds, type Shape } from './shape';

/** A geofence as it is drawn on a map. */
export interface MapFence {
  id: string;
  name: string;
  shape: Shape;
  /** A line above the name, such as how many people are there: `12`, or `12 + 3?`. */
  figures?: string;
  /** In the background: other fences while one is drawn, retired ones, fences without anybody. */
  quiet?: boolean;
}

const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });

export function areasOf(fences: readonly MapFence[]): FeatureCollection {
  return collection(
    fences.map(({ id, shape, quiet = false }) => ({
      type: 'Feature',
      properties: { id, quiet },
      geometry: { type: 'MultiPolygon', coordinates: outline(shape) as unknown as number[][][][] },
    })),
  );
}

/** Fences with people in them win where there is no room for all names. */
export function namesOf(fences: readonly MapFence[]): FeatureCollection {
  return collection(
    fences.map(({ id, name, shape, figures = '', quiet = false }) => ({
      type: 'Feature',
      properties: { id, name, figures, order: quiet ? 2 : figures ? 0 : 1 },
      geometry: { type: 'Point', coordinates: [...labelPlace(shape)] },
    })),
  );
}

/** The box around shapes; null for none. */
export function boundsAround(shapes: readonly Shape[]): Bounds | null {
  return boundsOf(shapes.flatMap((shape) => outline(shape).flat(2)));
}
