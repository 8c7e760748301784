import type { Area } from '../shape';
import { type CornerAt, type RingAt, ringOf } from './corners';
import { t } from './words';

/** `Corner 2 of 5`, with its hole or part where there is more than one ring. */
export function cornerName(area: Area, at: CornerAt): string {
  const [nth, of] = [at.corner + 1, ringOf(area, at).length];
  if (at.ring > 0) return t().cornerOfHole(nth, of);
  return area.polygons.length > 1 ? t().cornerOfPart(nth, of, at.polygon + 1) : t().corner(nth, of);
}

/** `Border`, `Hole 1`, `Part 2`, `Hole 1 of part 2`. */
export function ringName(area: Area, { polygon, ring }: RingAt): string {
  if (area.polygons.length > 1) return ring === 0 ? t().partNth(polygon + 1) : t().holeOfPart(ring, polygon + 1);
  return ring === 0 ? t().border_ : t().holeNth(ring);
}
