/** How two shapes lie to each other, as well as a device can tell without the server: circles as polygons of many corners. */
import { contains, edges, outline } from './measure';
import { boundsOf, type Position, type Ring, type Shape } from './shape';

export type Relation = 'equals' | 'covers' | 'covered_by' | 'overlaps';

const asArea = (shape: Shape): Extract<Shape, { kind: 'area' }> => ({
  kind: 'area',
  polygons: outline(shape).map((rings) => rings.map((ring) => ring.slice(0, -1))),
});

/** How `mine` lies to `theirs`; null: they do not meet. Shapes that only touch do not. */
export function relation(mine: Shape, theirs: Shape): Relation | null {
  if (JSON.stringify(mine) === JSON.stringify(theirs)) return 'equals';
  const [a, b] = [asArea(mine), asArea(theirs)];
  const [boxA, boxB] = [boundsOf(a.polygons.flat(2)), boundsOf(b.polygons.flat(2))];
  if (!boxA || !boxB || boxA[0] > boxB[2] || boxB[0] > boxA[2] || boxA[1] > boxB[3] || boxB[1] > boxA[3]) return null;
  if (doCross(a.polygons.flat(), b.polygons.flat())) return 'overlaps';
  const [inside, around] = [liesIn(b.polygons.flat(), a), liesIn(a.polygons.flat(), b)];
  if (inside === 'all' && around !== 'all') return 'covers';
  if (around === 'all' && inside !== 'all') return 'covered_by';
  return inside === 'none' && around === 'none' ? null : 'overlaps';
}

function liesIn(rings: readonly Ring[], area: Shape): 'all' | 'some' | 'none' {
  const places: Position[] = rings.flatMap((ring) => [...ring]);
  const count = places.filter((place) => contains(area, place)).length;
  return count === places.length ? 'all' : count > 0 ? 'some' : 'none';
}

const side = ([ox, oy]: Position, [ax, ay]: Position, [bx, by]: Position) => Math.sign((ax - ox) * (by - oy) - (ay - oy) * (bx - ox));

function doCross(some: readonly Ring[], others: readonly Ring[]): boolean {
  const theirs = others.flatMap(edges);
  return some
    .flatMap(edges)
    .some(([a, b]) => theirs.some(([c, d]) => side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0));
}
