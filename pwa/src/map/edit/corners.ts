/** What can be done to an area's corners. Pure; every function gives a new area. */
import type { Area, Polygon, Position, Ring } from '../shape';

export interface RingAt {
  polygon: number;
  /** 0 is the outer border, the rest are holes. */
  ring: number;
}
export interface CornerAt extends RingAt {
  corner: number;
}

export const EMPTY: Area = { kind: 'area', polygons: [] };

export const ringOf = (area: Area, { polygon, ring }: RingAt): Ring => area.polygons[polygon]?.[ring] ?? [];
export const cornerOf = (area: Area, at: CornerAt): Position | null => ringOf(area, at)[at.corner] ?? null;
export const sameCorner = (a: CornerAt | null, b: CornerAt | null): boolean =>
  a !== null && b !== null && a.polygon === b.polygon && a.ring === b.ring && a.corner === b.corner;

/** All rings with their places, in order. */
export function rings(area: Area): { at: RingAt; ring: Ring }[] {
  return area.polygons.flatMap((polygon, nth) => polygon.map((ring, place) => ({ at: { polygon: nth, ring: place }, ring })));
}

/** All corners with their places, in order. */
export function corners(area: Area): { at: CornerAt; place: Position }[] {
  return rings(area).flatMap(({ at, ring }) => ring.map((place, corner) => ({ at: { ...at, corner }, place })));
}

function withRing(area: Area, at: RingAt, change: (ring: Ring) => Ring): Area {
  const polygons = area.polygons.length > at.polygon ? area.polygons : [...area.polygons, []];
  return {
    kind: 'area',
    polygons: polygons.map((polygon, nth): Polygon => {
      if (nth !== at.polygon) return polygon;
      const all = polygon.length > at.ring ? polygon : [...polygon, []];
      return all.map((ring, place) => (place === at.ring ? change(ring) : ring));
    }),
  };
}

/** Put a corner in at this place; those from there on move up. At the end of a ring that is not there yet, it is begun. */
export function insertCorner(area: Area, at: CornerAt, place: Position): Area {
  return withRing(area, at, (ring) => ring.toSpliced(at.corner, 0, place));
}

export function moveCorner(area: Area, at: CornerAt, place: Position): Area {
  return cornerOf(area, at) ? withRing(area, at, (ring) => ring.with(at.corner, place)) : area;
}

/** Take a corner out; a ring without corners goes, and with an outer border its holes. */
export function removeCorner(area: Area, at: CornerAt): Area {
  if (!cornerOf(area, at)) return area;
  if (ringOf(area, at).length === 1) return removeRing(area, at);
  return withRing(area, at, (ring) => ring.toSpliced(at.corner, 1));
}

/** Take a hole out; with the outer border the whole polygon. */
export function removeRing(area: Area, at: RingAt): Area {
  if (at.ring === 0) return { kind: 'area', polygons: area.polygons.toSpliced(at.polygon, 1) };
  return { kind: 'area', polygons: area.polygons.map((polygon, nth) => (nth === at.polygon ? polygon.toSpliced(at.ring, 1) : polygon)) };
}

/** Everything moved by so many degrees. */
export function shifted(area: Area, longitude: number, latitude: number): Area {
  const move = ([x, y]: Position): Position => [x + longitude, y + latitude];
  return { kind: 'area', polygons: area.polygons.map((polygon) => polygon.map((ring) => ring.map(move))) };
}
