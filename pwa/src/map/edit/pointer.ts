/** Between the screen and the earth: where a pointer is, snapped to what lies near. */
import type { Map } from 'maplibre-gl';
import { distance_m } from '../measure';
import type { Position, Ring, Shape } from '../shape';
import type { Editor } from './editor';
import { snapTo } from './snap';

const REACH_PX = 10;

export interface Spot {
  x: number;
  y: number;
}

export const spotOf = (map: Map, place: Position): Spot => map.project([place[0], place[1]]);

export function placeOf(map: Map, { x, y }: Spot): Position {
  const { lng, lat } = map.unproject([x, y]);
  return [lng, Math.max(-90, Math.min(90, lat))];
}

/** Where on the map a pointer is, in pixels. */
export function spotOfEvent(map: Map, event: { clientX: number; clientY: number }): Spot {
  const { left, top } = map.getContainer().getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

/** The border of an area and the corners of others: what one snaps to. Circles have no corners. */
export const snapRings = (shapes: readonly Shape[]): Ring[] =>
  shapes.flatMap((shape) => (shape.kind === 'area' ? shape.polygons.flat() : []));

/** The place under a spot; on a corner or edge of `rings` when one is within reach. */
export function snappedPlace(map: Map, editor: Editor, spot: Spot, rings: readonly Ring[]): Position {
  const place = placeOf(map, spot);
  if (!editor.snapping.value) return place;
  const reach_m = distance_m(place, placeOf(map, { x: spot.x + REACH_PX, y: spot.y }));
  return snapTo(place, rings, reach_m)?.place ?? place;
}
