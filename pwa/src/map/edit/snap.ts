/** Take a place that is nearly on a corner or an edge to be on it. */
import { edges, metresPerDegree } from '../measure';
import type { Position, Ring } from '../shape';

export interface Snapped {
  place: Position;
  onto: 'corner' | 'edge';
}

/** The nearest corner within `reach_m`, else the nearest place on an edge; null when there is neither. Rings are closed. */
export function snapTo(place: Position, rings: readonly Ring[], reach_m: number): Snapped | null {
  const [across, up] = metresPerDegree(place[1]);
  const flat = ([x, y]: Position): Position => [(x - place[0]) * across, (y - place[1]) * up];
  const isNear = isWithin(place, reach_m / across, reach_m / up);
  const corner = nearest(
    rings.flatMap((ring) => ring.filter((one) => isNear(one, one))),
    (one) => Math.hypot(...flat(one)),
    reach_m,
  );
  if (corner) return { place: corner, onto: 'corner' };
  const feet = rings.flatMap((ring) => edges(ring).flatMap(([from, to]) => (isNear(from, to) ? [foot(flat(from), flat(to))] : [])));
  const edge = nearest(feet, (one) => Math.hypot(...one), reach_m);
  return edge && { place: [place[0] + edge[0] / across, place[1] + edge[1] / up], onto: 'edge' };
}

const isWithin =
  ([x, y]: Position, wide: number, high: number) =>
  ([fromX, fromY]: Position, [toX, toY]: Position) =>
    Math.min(fromX, toX) <= x + wide &&
    Math.max(fromX, toX) >= x - wide &&
    Math.min(fromY, toY) <= y + high &&
    Math.max(fromY, toY) >= y - high;

function nearest(all: readonly Position[], metres: (one: Position) => number, reach_m: number): Position | null {
  let [best, least]: [Position | null, number] = [null, reach_m];
  for (const one of all) {
    const away = metres(one);
    if (away <= least) [best, least] = [one, away];
  }
  return best;
}

/** The place of a segment nearest to the origin. */
function foot([ax, ay]: Position, [bx, by]: Position): Position {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const part = length === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length));
  return [ax + part * dx, ay + part * dy];
}
