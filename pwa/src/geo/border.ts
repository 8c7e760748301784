/**
 * The signed distance from a fix to the border of an area, as `app/core/border.py` has it.
 *
 * 1. Longitudes are compared within the 360 degrees around the middle of the area, so that it does not matter where they begin.
 * 2. A ray from the fix to the east crosses the border an odd number of times when the fix is inside.
 * 3. Distances are taken in the plane around the fix. Straight lines in longitude and latitude stay straight there.
 * 4. An area cut at the antimeridian has edges that are no border: those on its western side that lie on its eastern side too, and those on a pole.
 *    They count for 2 (they close the ring) but not for 3.
 * 5. A fix on the north pole is looked at from a hair south of it: on the edge that closes an area there, it would see no edge to the east.
 */

import { metresPerDegree } from './plane';

export type Ring = readonly (readonly number[])[];
export type Area = readonly (readonly Ring[])[];

interface Edge {
  ax: number;
  ay: number;
  bx: number;
  by: number;
  isBorder: boolean;
}

const BELOW_POLE = 89.999_999_999_999_99;
/** In place of the length of an edge that has none. */
const SMALLEST = 1e-300;
/** An area wider than this may be near a fix on its other side as well. */
const WIDE = 135;

export class Border {
  readonly #edges: Edge[];
  readonly #west: number;
  readonly #south: number;
  readonly #east: number;
  readonly #north: number;

  /** Takes a valid area: polygons, each of an outer ring and holes, each of [longitude, latitude] with the first repeated at the end. */
  constructor(area: Area) {
    this.#edges = area.flat().flatMap(edgesOf);
    if (this.#edges.length === 0) throw new RangeError('a geofence without an edge');
    this.#west = this.#edges.reduce((most, edge) => Math.min(most, edge.ax), Infinity);
    this.#south = this.#edges.reduce((most, edge) => Math.min(most, edge.ay), Infinity);
    this.#east = this.#edges.reduce((most, edge) => Math.max(most, edge.ax), -Infinity);
    this.#north = this.#edges.reduce((most, edge) => Math.max(most, edge.ay), -Infinity);
    if (this.#east - this.#west === 360) this.#edges = joined(this.#edges, this.#west, this.#east);
  }

  /** Metres from a fix to the border, positive inside; infinite beyond `reachM`. */
  marginM(latitude: number, longitude: number, reachM: number): number {
    const y = Math.min(latitude, BELOW_POLE);
    const middle = (this.#west + this.#east) / 2;
    const x = longitude - 360 * Math.floor((longitude - (middle - 180)) / 360);
    const [scaleX, scaleY] = metresPerDegree(y);
    const beside = Math.abs(x - middle) - (this.#east - this.#west) / 2;
    if (beside * scaleX > reachM || Math.max(this.#south - y, y - this.#north) * scaleY > reachM) return -Infinity;
    const turns = this.#east - this.#west > WIDE ? [-360, 0, 360] : [0];
    let inside = false;
    let nearest = Infinity;
    for (const { ax, ay, bx, by, isBorder } of this.#edges) {
      if (isCrossed(ax - x, ay - y, bx - x, by - y)) inside = !inside;
      for (const turn of isBorder ? turns : []) {
        nearest = Math.min(nearest, square((ax - x + turn) * scaleX, (ay - y) * scaleY, (bx - x + turn) * scaleX, (by - y) * scaleY));
      }
    }
    const distanceM = Math.sqrt(nearest);
    const withinM = distanceM <= reachM ? distanceM : Infinity;
    return inside ? withinM : -withinM;
  }
}

/** Whether the edge a-b crosses the ray from the origin to the east. An edge through the origin does not. */
function isCrossed(ax: number, ay: number, bx: number, by: number): boolean {
  return ay > 0 !== by > 0 && (ax * by - bx * ay) * (by - ay) > 0;
}

/** The square of the distance from the origin to the edge a-b. */
function square(ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.min(Math.max(-(ax * dx + ay * dy) / Math.max(dx * dx + dy * dy, SMALLEST), 0), 1);
  const [x, y] = [ax + along * dx, ay + along * dy];
  return x * x + y * y;
}

function edgesOf(ring: Ring): Edge[] {
  return ring.slice(1).map((end, nth) => {
    const [[ax = NaN, ay = NaN], [bx = NaN, by = NaN]] = [ring[nth] ?? [], end];
    if (!Number.isFinite(ax + ay + bx + by)) throw new RangeError('a geofence with a corner that is nowhere');
    return { ax, ay, bx, by, isBorder: !(Math.abs(ay) === 90 && Math.abs(by) === 90) };
  });
}

/** The edges of an area 360 degrees wide: what its western and eastern side share is no border, because there the area goes on. */
function joined(edges: Edge[], west: number, east: number): Edge[] {
  const isSide = ({ ax, bx }: Edge): boolean => ax === bx && (ax === west || ax === east);
  const stops = edges.flatMap(({ ax, ay }) => (ax === west || ax === east ? [ay] : [])).sort((one, other) => one - other);
  const pieces = edges.flatMap((edge) => (isSide(edge) ? piecesOf(edge, stops) : [edge]));
  const name = (edge: Edge): string => `${Math.min(edge.ay, edge.by)} ${Math.max(edge.ay, edge.by)}`;
  const [inWest, inEast] = [west, east].map((side) => new Set(pieces.filter((edge) => isSide(edge) && edge.ax === side).map(name)));
  return pieces.map((edge) => (isSide(edge) && inWest?.has(name(edge)) && inEast?.has(name(edge)) ? { ...edge, isBorder: false } : edge));
}

/** An edge on a side, cut wherever either side has a corner, so that what both share are equal pieces. */
function piecesOf(edge: Edge, stops: number[]): Edge[] {
  const [low, high] = [Math.min(edge.ay, edge.by), Math.max(edge.ay, edge.by)];
  const cuts = [...new Set([low, ...stops.filter((stop) => stop > low && stop < high), high])];
  return cuts.slice(1).map((by, nth) => ({ ...edge, ay: cuts[nth] ?? low, by }));
}
