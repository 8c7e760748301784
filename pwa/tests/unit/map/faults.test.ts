import fc from 'fast-check';
import { expect, test } from 'vitest';
import { faultOf } from '../../../src/map/edit/faults';
import type { Position, Shape } from '../../../src/map/shape';

const area = (...polygons: Position[][][]): Shape => ({ kind: 'area', polygons });
const code = (shape: Shape | null) => faultOf(shape)?.code ?? null;
const square = (x: number, y: number, side: number): Position[] => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
];

/** Corners around a middle, sorted by direction: never crosses itself. */
const star = fc
  .uniqueArray(fc.integer({ min: 0, max: 359 }), { minLength: 4, maxLength: 60 })
  .map((angles) => angles.sort((a, b) => a - b))
  .filter((angles) => angles.every((angle, nth) => ((angles[(nth + 1) % angles.length]! - angle + 360) % 360 || 360) < 180))
  .chain((angles) =>
    fc
      .array(fc.integer({ min: 10, max: 100 }), { minLength: angles.length, maxLength: angles.length })
      .map((reach) =>
        angles.map((angle, nth): Position => [
          5 + (reach[nth]! / 1e4) * Math.cos((angle * Math.PI) / 180),
          52 + (reach[nth]! / 1e4) * Math.sin((angle * Math.PI) / 180),
        ]),
      ),
  );

test('a star around a middle has no fault, whichever way it turns', () => {
  fc.assert(
    fc.property(star, (ring) => {
      expect([code(area([ring])), code(area([ring.toReversed()]))]).toEqual([null, null]);
    }),
  );
});

test('two corners exchanged that lie far apart make it cross itself, and the place is on its way', () => {
  fc.assert(
    fc.property(fc.integer({ min: 6, max: 40 }), (count) => {
      const ring = Array.from({ length: count }, (_, nth): Position => [
        5 + Math.cos((nth * 2 * Math.PI) / count),
        52 + Math.sin((nth * 2 * Math.PI) / count),
      ]);
      const [first, other] = [ring[0]!, ring[Math.floor(count / 2)]!];
      const fault = faultOf(area([ring.with(0, other).with(Math.floor(count / 2), first)]));
      expect(fault?.code).toBe('crosses_itself');
      expect(Math.hypot(fault!.place![0] - 5, fault!.place![1] - 52)).toBeLessThanOrEqual(1 + 1e-9);
    }),
  );
});

test('a bow-tie crosses itself in its middle', () => {
  expect(
    faultOf(
      area([
        [
          [0, 0],
          [2, 2],
          [2, 0],
          [0, 2],
        ],
      ]),
    ),
  ).toEqual({ code: 'crosses_itself', place: [1, 1] });
});

test.each<[string, Shape | null, string | null]>([
  ['nothing drawn', null, 'empty'],
  [
    'two corners',
    area([
      [
        [0, 0],
        [1, 1],
      ],
    ]),
    'too_few',
  ],
  [
    'one place thrice',
    area([
      [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    ]),
    'too_few',
  ],
  [
    'a corner said twice',
    area([
      [
        [0, 0],
        [1, 0],
        [1, 0],
        [1, 1],
      ],
    ]),
    null,
  ],
  [
    'there and back',
    area([
      [
        [0, 0],
        [2, 0],
        [1, 0],
        [1, 1],
      ],
    ]),
    'crosses_itself',
  ],
  [
    'a border that touches itself',
    area([
      [
        [0, 0],
        [4, 0],
        [4, 4],
        [2, 0],
        [0, 4],
      ],
    ]),
    'crosses_itself',
  ],
  ['a hole inside', area([square(0, 0, 9), square(3, 3, 2)]), null],
  [
    'a hole at a corner of the border',
    area([
      square(0, 0, 9),
      [
        [0, 0],
        [3, 1],
        [1, 3],
      ],
    ]),
    null,
  ],
  ['a hole outside', area([square(0, 0, 9), square(20, 3, 2)]), 'hole_outside'],
  ['a hole over the border', area([square(0, 0, 9), square(8, 3, 4)]), 'rings_cross'],
  ['a hole in a hole', area([square(0, 0, 9), square(1, 1, 6), square(2, 2, 2)]), 'rings_cross'],
  ['two parts apart', area([square(0, 0, 2)], [square(5, 5, 2)]), null],
  ['two parts side by side', area([square(0, 0, 2)], [square(2, 2, 2)]), null],
  ['two parts over each other', area([square(0, 0, 2)], [square(1, 1, 2)]), 'parts_overlap'],
  ['a part in a part', area([square(0, 0, 9)], [square(1, 1, 2)]), 'parts_overlap'],
  ['a part in the hole of a part', area([square(0, 0, 9), square(1, 1, 5)], [square(2, 2, 2)]), null],
  [
    'beyond the pole',
    area([
      [
        [0, 89],
        [1, 91],
        [2, 89],
      ],
    ]),
    'off_earth',
  ],
  ['a circle', { kind: 'circle', longitude: 5, latitude: 52, radius_m: 100 }, null],
  ['a circle without a size', { kind: 'circle', longitude: 5, latitude: 52, radius_m: 0 }, 'radius'],
  ['a circle larger than a country', { kind: 'circle', longitude: 5, latitude: 52, radius_m: 1_000_001 }, 'radius'],
])('%s', (_name, shape, expected) => {
  expect(code(shape)).toBe(expected);
});

test('a border of twenty thousand corners is judged at once', () => {
  const ring = Array.from({ length: 20_000 }, (_, nth): Position => [
    5 + Math.cos((nth * Math.PI) / 10_000) / 10,
    52 + Math.sin((nth * Math.PI) / 10_000) / 10,
  ]);
  const began = performance.now();
  expect(code(area([ring]))).toBeNull();
  expect(performance.now() - began).toBeLessThan(2_000);
});
