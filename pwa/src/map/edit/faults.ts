/** Why a shape cannot be a geofence, and where to look: what the server would refuse, said while drawing. The server remains the judge. */
import { contains, edges } from '../measure';
import type { Area, Polygon, Position, Ring, Shape } from '../shape';

export type FaultCode =
  'empty' | 'too_few' | 'crosses_itself' | 'rings_cross' | 'hole_outside' | 'parts_overlap' | 'off_earth' | 'radius' | 'too_many';
export interface Fault {
  code: FaultCode;
  place: Position | null;
}

export const MAX_CORNERS = 20_000;
export const MAX_RADIUS_M = 1_000_000;

interface Edge {
  from: Position;
  to: Position;
  polygon: number;
  ring: number;
  nth: number;
  of: number;
}

/** The first fault; null when there is none. */
export function faultOf(shape: Shape | null): Fault | null {
  if (!shape) return { code: 'empty', place: null };
  return shape.kind === 'circle' ? circleFault(shape.longitude, shape.latitude, shape.radius_m) : areaFault(shape);
}

const isOnEarth = ([x, y]: Position) => Math.abs(y) <= 90 && Math.abs(x) <= 540;

function circleFault(longitude: number, latitude: number, radius_m: number): Fault | null {
  const place: Position = [longitude, latitude];
  if (!isOnEarth(place)) return { code: 'off_earth', place };
  return radius_m > 0 && radius_m <= MAX_RADIUS_M ? null : { code: 'radius', place };
}

const distinct = (ring: Ring) =>
  ring.filter((place, nth) => {
    const before = ring.at(nth - 1);
    return !before || ring.length === 1 || before[0] !== place[0] || before[1] !== place[1];
  });

function areaFault(area: Area): Fault | null {
  const all = area.polygons.flat();
  const count = all.reduce((sum, ring) => sum + ring.length, 0);
  if (count === 0) return { code: 'empty', place: null };
  if (count > MAX_CORNERS) return { code: 'too_many', place: null };
  const lost = all.flat().find((place) => !isOnEarth(place));
  if (lost) return { code: 'off_earth', place: lost };
  const thin = all.find((ring) => new Set(ring.map(String)).size < 3);
  if (thin) return { code: 'too_few', place: thin[0] ?? null };
  return crossing(area) ?? misplaced(area);
}

/** Two edges that meet where they should not. Edges are looked at from west to east, so only those that overlap in longitude are compared. */
function crossing(area: Area): Fault | null {
  const found = area.polygons.flatMap((polygon, nth) =>
    polygon.flatMap((ring, place) => {
      const clean = distinct(ring);
      return edges(clean).map(([from, to], index): Edge => ({ from, to, polygon: nth, ring: place, nth: index, of: clean.length }));
    }),
  );
  const west = (edge: Edge) => Math.min(edge.from[0], edge.to[0]);
  found.sort((a, b) => west(a) - west(b));
  let open: Edge[] = [];
  for (const edge of found) {
    open = open.filter((other) => Math.max(other.from[0], other.to[0]) >= west(edge));
    for (const other of open) {
      const fault = clash(edge, other);
      if (fault) return fault;
    }
    open.push(edge);
  }
  return null;
}

function clash(a: Edge, b: Edge): Fault | null {
  const isSameRing = a.polygon === b.polygon && a.ring === b.ring;
  const step = Math.abs(a.nth - b.nth);
  if (isSameRing && (step === 1 || step === a.of - 1)) return folded(a, b);
  const place = meeting(a, b, isSameRing);
  if (!place) return null;
  return { code: isSameRing ? 'crosses_itself' : a.polygon === b.polygon ? 'rings_cross' : 'parts_overlap', place };
}

const cross = ([ox, oy]: Position, [ax, ay]: Position, [bx, by]: Position) => (ax - ox) * (by - oy) - (ay - oy) * (bx - ox);
const along = ([ox, oy]: Position, [ax, ay]: Position, [bx, by]: Position) => (ax - ox) * (bx - ox) + (ay - oy) * (by - oy);

/** Neighbours share a corner; they may not lie on each other. */
function folded(a: Edge, b: Edge): Fault | null {
  const [first, next] = a.to === b.from ? [a, b] : [b, a];
  const isBack = cross(first.to, first.from, next.to) === 0 && along(first.to, first.from, next.to) > 0;
  return isBack ? { code: 'crosses_itself', place: first.to } : null;
}

/** Where two edges cross; with `touch` also where one only touches the other. */
function meeting(a: Edge, b: Edge, touch: boolean): Position | null {
  const [a1, a2] = [cross(b.from, b.to, a.from), cross(b.from, b.to, a.to)];
  const [b1, b2] = [cross(a.from, a.to, b.from), cross(a.from, a.to, b.to)];
  if (((a1 > 0 && a2 < 0) || (a1 < 0 && a2 > 0)) && ((b1 > 0 && b2 < 0) || (b1 < 0 && b2 > 0))) {
    const part = a1 / (a1 - a2);
    return [a.from[0] + part * (a.to[0] - a.from[0]), a.from[1] + part * (a.to[1] - a.from[1])];
  }
  if (!touch) return null;
  if (a1 === 0 && isBetween(a.from, b)) return a.from;
  if (a2 === 0 && isBetween(a.to, b)) return a.to;
  if (b1 === 0 && isBetween(b.from, a)) return b.from;
  return b2 === 0 && isBetween(b.to, a) ? b.to : null;
}

const isBetween = ([x, y]: Position, { from, to }: Edge) =>
  Math.min(from[0], to[0]) <= x && x <= Math.max(from[0], to[0]) && Math.min(from[1], to[1]) <= y && y <= Math.max(from[1], to[1]);

/** Nothing crosses; then a hole lies in its border wholly or not at all, and so do parts in each other. */
function misplaced(area: Area): Fault | null {
  for (const [nth, polygon] of area.polygons.entries()) {
    const [shell = [], ...holes] = polygon;
    const border: Area = { kind: 'area', polygons: [[shell]] };
    for (const [place, hole] of holes.entries()) {
      if (!isInside(hole, border)) return { code: 'hole_outside', place: hole[0] ?? null };
      const others = holes.filter((_, other) => other !== place);
      if (others.some((other) => isInside(hole, { kind: 'area', polygons: [[other]] })))
        return { code: 'rings_cross', place: hole[0] ?? null };
    }
    const rest: Area = { kind: 'area', polygons: area.polygons.filter((_: Polygon, other) => other !== nth) };
    if (isInside(shell, rest)) return { code: 'parts_overlap', place: shell[0] ?? null };
  }
  return null;
}

/** Judged by a middle of an edge as well: a corner may lie on the border. */
function isInside(ring: Ring, area: Area): boolean {
  const probes = edges(ring).flatMap(([from, to]): Position[] => [from, [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]]);
  return probes.filter((probe) => contains(area, probe)).length * 2 > probes.length;
}
