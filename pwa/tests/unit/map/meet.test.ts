import fc from 'fast-check';
import { expect, test } from 'vitest';
import { relation } from '../../../src/map/meet';
import type { Position, Shape } from '../../../src/map/shape';

const square = (x: number, y: number, side: number): Shape => ({
  kind: 'area',
  polygons: [
    [
      [
        [x, y],
        [x + side, y],
        [x + side, y + side],
        [x, y + side],
      ] as Position[],
    ],
  ],
});
const circle = (longitude: number, latitude: number, radius_m: number): Shape => ({ kind: 'circle', longitude, latitude, radius_m });

test.each<[string, Shape, Shape, string | null]>([
  ['the same place', square(5, 52, 1), square(5, 52, 1), 'equals'],
  ['a large one around a small one', square(5, 52, 1), square(5.2, 52.2, 0.1), 'covers'],
  ['a small one in a large one', square(5.2, 52.2, 0.1), square(5, 52, 1), 'covered_by'],
  ['two over each other', square(5, 52, 1), square(5.5, 52.5, 1), 'overlaps'],
  ['two apart', square(5, 52, 1), square(7, 52, 1), null],
  [
    'a cross of two bars',
    square(5, 52, 0.1),
    {
      kind: 'area',
      polygons: [
        [
          [
            [4.9, 52.04],
            [5.3, 52.04],
            [5.3, 52.06],
            [4.9, 52.06],
          ],
        ],
      ],
    },
    'overlaps',
  ],
  ['a circle in a square', circle(5.5, 52.5, 100), square(5, 52, 1), 'covered_by'],
  ['a circle over its border', circle(5, 52.5, 100), square(5, 52, 1), 'overlaps'],
  [
    'beside each other in one box',
    {
      kind: 'area',
      polygons: [
        [
          [
            [0, 0],
            [4, 0],
            [0, 4],
          ],
        ],
      ],
    },
    {
      kind: 'area',
      polygons: [
        [
          [
            [4, 4],
            [4, 3],
            [3, 4],
          ],
        ],
      ],
    },
    null,
  ],
])('%s', (_name, mine, theirs, expected) => {
  expect(relation(mine, theirs)).toBe(expected);
});

test('what one is to the other, the other is to the one', () => {
  const place = fc.double({ min: 0, max: 3, noNaN: true });
  const size = fc.double({ min: 0.1, max: 2, noNaN: true });
  const mirrored: Record<string, string> = { covers: 'covered_by', covered_by: 'covers' };
  fc.assert(
    fc.property(place, place, size, place, place, size, (x, y, side, otherX, otherY, otherSide) => {
      const [a, b] = [square(x, y, side), square(otherX, otherY, otherSide)];
      const found = relation(a, b);
      expect(relation(b, a)).toBe(found === null ? null : (mirrored[found] ?? found));
    }),
  );
});
