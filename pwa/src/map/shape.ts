/** The shape of a geofence: an area of polygons with holes, or a circle that stays a circle. Longitude comes first only here and in GeoJSON. */

export type Position = readonly [longitude: number, latitude: number];
/** Positions in order. The last does not repeat the first. */
export type Ring = readonly Position[];
/** The outer ring first, then its holes. */
export type Polygon = readonly Ring[];

export interface Area {
  kind: 'area';
  polygons: readonly Polygon[];
}
export interface Circle {
  kind: 'circle';
  longitude: number;
  latitude: number;
  radius_m: number;
}
export type Shape = Area | Circle;

/** A geometry as our API writes it: a circle is a Point, its radius stands beside it. */
export interface Drawn {
  geometry: Record<string, unknown>;
  radius_m: number | null;
}

const open = (ring: Position[]): Ring => {
  const [first, last] = [ring[0], ring.at(-1)];
  const flat = ring.map(([longitude, latitude]): Position => [longitude, latitude]);
  return first && last && ring.length > 1 && first[0] === last[0] && first[1] === last[1] ? flat.slice(0, -1) : flat;
};
const closed = (ring: Ring): Position[] => (ring[0] ? [...ring, ring[0]] : []);

/** The shape of a geometry of our API. Throws for what is none. */
export function shapeOf({ geometry, radius_m }: Drawn): Shape {
  const { type, coordinates } = geometry;
  if (type === 'Point' && radius_m !== null) {
    const [longitude, latitude] = coordinates as Position;
    return { kind: 'circle', longitude, latitude, radius_m };
  }
  if (type === 'Polygon') return { kind: 'area', polygons: [(coordinates as Position[][]).map(open)] };
  if (type === 'MultiPolygon') return { kind: 'area', polygons: (coordinates as Position[][][]).map((rings) => rings.map(open)) };
  throw new Error(`a geofence is no ${String(type)}`);
}

/** The geometry of a shape, for our API. */
export function drawnOf(shape: Shape): Drawn {
  if (shape.kind === 'circle') {
    return { geometry: { type: 'Point', coordinates: [shape.longitude, shape.latitude] }, radius_m: shape.radius_m };
  }
  const coordinates = shape.polygons.map((rings) => rings.map(closed));
  const geometry = coordinates.length === 1 ? { type: 'Polygon', coordinates: coordinates[0] } : { type: 'MultiPolygon', coordinates };
  return { geometry, radius_m: null };
}

/** West, south, east, north, in degrees. */
export type Bounds = [west: number, south: number, east: number, north: number];

/** The box around positions; null for none. */
export function boundsOf(positions: Iterable<Position>): Bounds | null {
  let box: Bounds | null = null;
  for (const [x, y] of positions) {
    box = box ? [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)] : [x, y, x, y];
  }
  return box;
}

export const sameShape = (a: Shape | null, b: Shape | null): boolean => JSON.stringify(a) === JSON.stringify(b);
