/** Metres and square metres on WGS 84, by the same formulas as the server (`app/core/plane.py`, `app/core/fence.py`). */
import type { Area, Polygon, Position, Ring, Shape } from './shape';

const EQUATOR_RADIUS_M = 6_378_137;
const FLATTENING = 1 / 298.257223563;
const POLE_RADIUS_M = EQUATOR_RADIUS_M * (1 - FLATTENING);
const ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING);
const RADIANS = Math.PI / 180;
const LONGEST_STEP_DEGREES = 0.5;
const CORNERS = 96;

const shortWay = (degrees: number) => degrees - 360 * Math.round(degrees / 360);

/** Metres in a degree of longitude and in one of latitude, at a latitude. */
export function metresPerDegree(latitude: number): readonly [number, number] {
  const flat = 1 - ECCENTRICITY_SQUARED * Math.sin(latitude * RADIANS) ** 2;
  const across_m = EQUATOR_RADIUS_M / Math.sqrt(flat);
  return [across_m * Math.abs(Math.cos(latitude * RADIANS)) * RADIANS, ((across_m * (1 - ECCENTRICITY_SQUARED)) / flat) * RADIANS];
}

/** Metres between two places along the ellipsoid (Lambert's formula for long lines, 1942). */
export function distance_m(from: Position, to: Position): number {
  const a = Math.atan((1 - FLATTENING) * Math.tan(from[1] * RADIANS));
  const b = Math.atan((1 - FLATTENING) * Math.tan(to[1] * RADIANS));
  const [middle, half] = [(a + b) / 2, (b - a) / 2];
  const turn = (shortWay(to[0] - from[0]) * RADIANS) / 2;
  const raw = Math.sin(half) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(turn) ** 2;
  const haversine = Math.min(Math.max(raw, 1e-24), 1 - 1e-12);
  const angle = 2 * Math.asin(Math.sqrt(haversine));
  const x = ((angle - Math.sin(angle)) * (Math.sin(middle) * Math.cos(half)) ** 2) / (1 - haversine);
  const y = ((angle + Math.sin(angle)) * (Math.cos(middle) * Math.sin(half)) ** 2) / haversine;
  return EQUATOR_RADIUS_M * (angle - (FLATTENING / 2) * (x + y));
}

/** The place so many metres from another: `bearing` in degrees, clockwise from north. Longitude may run on beyond 180. */
export function placeAt(from: Position, bearing: number, metres: number): Position {
  const onSphere = (arc: number): Position => {
    const [latitude, course] = [from[1] * RADIANS, bearing * RADIANS];
    const sine = Math.sin(latitude) * Math.cos(arc) + Math.cos(latitude) * Math.sin(arc) * Math.cos(course);
    const turn = Math.atan2(Math.sin(course) * Math.sin(arc) * Math.cos(latitude), Math.cos(arc) - Math.sin(latitude) * sine);
    return [from[0] + turn / RADIANS, Math.asin(Math.max(-1, Math.min(1, sine))) / RADIANS];
  };
  const arc = metres / EQUATOR_RADIUS_M;
  const found = distance_m(from, onSphere(arc));
  return onSphere(found > 0 ? (arc * metres) / found : arc);
}

/** Closed rings as they are drawn: of a circle a polygon of many corners. */
export function outline(shape: Shape): Position[][][] {
  if (shape.kind === 'area') return shape.polygons.map((rings) => rings.map((ring) => (ring[0] ? [...ring, ring[0]] : [])));
  const centre: Position = [shape.longitude, shape.latitude];
  const ring = Array.from({ length: CORNERS + 1 }, (_, nth) => placeAt(centre, (-360 * (nth % CORNERS)) / CORNERS, shape.radius_m));
  return [[ring]];
}

/** Square metres per radian of longitude between the equator and a latitude in radians. */
function band_m2(latitude: number): number {
  const [e, sine] = [Math.sqrt(ECCENTRICITY_SQUARED), Math.sin(latitude)];
  return (POLE_RADIUS_M ** 2 / 2) * (sine / (1 - ECCENTRICITY_SQUARED * sine ** 2) + Math.atanh(e * sine) / e);
}

function edge_m2([x, y]: Position, [nextX, nextY]: Position, base: number): number {
  const steps = Math.max(1, Math.ceil(Math.hypot(nextX - x, nextY - y) / LONGEST_STEP_DEGREES));
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    const middle = (y + ((nextY - y) * (step + 0.5)) / steps) * RADIANS;
    const reach = ((nextY - y) / steps / 2) * RADIANS * Math.sqrt(0.6);
    const band = (5 * band_m2(middle - reach) + 8 * band_m2(middle) + 5 * band_m2(middle + reach)) / 18;
    sum += ((band - base) * (nextX - x) * RADIANS) / steps;
  }
  return sum;
}

function ring_m2(ring: Ring): number {
  const base = ring[0] ? band_m2(ring[0][1] * RADIANS) : 0;
  return Math.abs(edges(ring).reduce((sum, [from, to]) => sum + edge_m2(from, to, base), 0));
}

const polygon_m2 = ([shell = [], ...holes]: Polygon) => ring_m2(shell) - holes.reduce((sum, hole) => sum + ring_m2(hole), 0);

/** Square metres on the ellipsoid; edges are straight in degrees. */
export function area_m2(shape: Shape): number {
  if (shape.kind === 'circle') return Math.PI * shape.radius_m ** 2;
  return shape.polygons.reduce((sum, polygon) => sum + polygon_m2(polygon), 0);
}

/** From each corner to the next, the last back to the first. */
export function edges(ring: Ring): [Position, Position][] {
  return ring.flatMap((from, nth) => {
    const to = ring[(nth + 1) % ring.length];
    return to && ring.length > 1 ? [[from, to] as [Position, Position]] : [];
  });
}

/** Metres around: outer borders and holes. */
export function border_m(shape: Shape): number {
  if (shape.kind === 'circle') return 2 * Math.PI * shape.radius_m;
  return shape.polygons.flat().reduce((sum, ring) => sum + edges(ring).reduce((part, [from, to]) => part + distance_m(from, to), 0), 0);
}

/** A place well inside, for a name: the middle of the widest part at half height. */
export function labelPlace(shape: Shape): Position {
  if (shape.kind === 'circle') return [shape.longitude, shape.latitude];
  const spans = shape.polygons.flatMap((polygon) => widest(polygon) ?? []);
  const best = spans.reduce<Span | null>((found, span) => (found && found.width >= span.width ? found : span), null);
  return best?.middle ?? shape.polygons[0]?.[0]?.[0] ?? [0, 0];
}

interface Span {
  width: number;
  middle: Position;
}

function widest(polygon: Polygon): Span | null {
  const latitudes = (polygon[0] ?? []).map(([, latitude]) => latitude);
  const latitude = (Math.min(...latitudes) + Math.max(...latitudes)) / 2;
  const cuts = polygon.flatMap((ring) => crossings(ring, latitude)).sort((a, b) => a - b);
  let best: Span | null = null;
  for (let nth = 0; nth + 1 < cuts.length; nth += 2) {
    const [west, east] = [cuts[nth] ?? 0, cuts[nth + 1] ?? 0];
    if (!best || east - west > best.width) best = { width: east - west, middle: [(west + east) / 2, latitude] };
  }
  return best;
}

const crossings = (ring: Ring, latitude: number) =>
  edges(ring).flatMap(([[x, y], [nextX, nextY]]) =>
    y > latitude !== nextY > latitude ? [x + ((latitude - y) / (nextY - y)) * (nextX - x)] : [],
  );

/** Whether a place lies in an area (its border left open) or a circle. */
export function contains(shape: Shape, place: Position): boolean {
  if (shape.kind === 'circle') return distance_m([shape.longitude, shape.latitude], place) <= shape.radius_m;
  return shape.polygons.some((polygon) => isWithin(polygon, place));
}

const isWithin = (polygon: Polygon, [x, y]: Position) =>
  polygon.flatMap((ring) => crossings(ring, y)).filter((cut) => cut > x).length % 2 === 1;

/** How many corners. */
export const cornersOf = (area: Area): number => area.polygons.flat().reduce((sum, ring) => sum + ring.length, 0);
