import fc from 'fast-check';
import { expect, test } from 'vitest';
import { area_m2, border_m, contains, distance_m, labelPlace, outline, placeAt } from '../../../src/map/measure';
import type { Position, Shape } from '../../../src/map/shape';

const area = (...polygons: Position[][][]): Shape => ({ kind: 'area', polygons });
const longitude = fc.double({ min: -180, max: 180, noNaN: true });
const latitude = fc.double({ min: -80, max: 80, noNaN: true });

/** Reckoned by `app.core.fence.area_m2`. */
const AREAS: { rings: Position[][]; expected: number }[] = [
  {
    rings: [
      [
        [4.9, 52.37],
        [4.91, 52.37],
        [4.91, 52.38],
        [4.9, 52.38],
      ],
    ],
    expected: 757808.8417102121,
  },
  {
    rings: [
      [
        [4.9, 52.37],
        [4.93, 52.36],
        [4.92, 52.39],
      ],
      [
        [4.912, 52.37],
        [4.92, 52.37],
        [4.918, 52.375],
      ],
    ],
    expected: 2879775.505696417,
  },
  {
    rings: [
      [
        [10, -10],
        [40, 5],
        [20, 60],
      ],
    ],
    expected: 11029072172932.168,
  },
  {
    rings: [
      [
        [179.9, -17],
        [180.2, -17.1],
        [180.1, -16.8],
      ],
    ],
    expected: 471469747.7852372,
  },
];
/** Reckoned by `app.core.plane.geodesic_m`. */
const DISTANCES: [Position, Position, number][] = [
  [[4.9, 52.37], [4.91, 52.38], 1304.6050258119965],
  [[179.9, -17], [-179.9, -17.2], 30708.3163270779],
  [[4.9, 52.37], [-74, 40.7], 5879303.825193913],
];

test.each(AREAS)('an area is as large as on the server (%#)', ({ rings, expected }) => {
  expect(Math.abs(area_m2(area(rings)) / expected - 1)).toBeLessThan(1e-6);
});

test.each(DISTANCES)('a distance is as long as on the server (%#)', (from, to, expected) => {
  expect(Math.abs(distance_m(from, to) - expected)).toBeLessThan(1e-3);
});

test('a place at a distance is at that distance, in every direction', () => {
  fc.assert(
    fc.property(
      longitude,
      latitude,
      fc.double({ min: 0, max: 360, noNaN: true }),
      fc.double({ min: 1, max: 50_000, noNaN: true }),
      (x, y, bearing, metres) => {
        expect(distance_m([x, y], placeAt([x, y], bearing, metres)) / metres).toBeCloseTo(1, 4);
      },
    ),
  );
});

test('the outline of a circle has nearly its area', () => {
  fc.assert(
    fc.property(longitude, latitude, fc.double({ min: 10, max: 20_000, noNaN: true }), (x, y, radius_m) => {
      const circle: Shape = { kind: 'circle', longitude: x, latitude: y, radius_m };
      const drawn = area_m2(area(outline(circle)[0]!.map((ring) => ring.slice(0, -1))));
      expect(drawn / area_m2(circle)).toBeGreaterThan(0.99);
      expect(drawn / area_m2(circle)).toBeLessThan(1.005);
    }),
  );
});

test('a name is written inside, also of a shape like a C and beside a hole', () => {
  const c: Position[] = [
    [0, 0],
    [9, 0],
    [9, 1],
    [1, 1],
    [1, 9],
    [9, 9],
    [9, 10],
    [0, 10],
  ];
  const withHole: Position[][] = [
    [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ],
    [
      [1, 1],
      [9, 1],
      [9, 9],
      [1, 9],
    ],
  ];
  for (const shape of [area([c]), area(withHole)]) expect(contains(shape, labelPlace(shape))).toBe(true);
});

test('the border counts holes too', () => {
  const shell: Position[] = [
    [5, 52],
    [5.01, 52],
    [5.01, 52.01],
    [5, 52.01],
  ];
  const hole: Position[] = [
    [5.002, 52.002],
    [5.004, 52.002],
    [5.004, 52.004],
  ];
  expect(border_m(area([shell, hole]))).toBeCloseTo(border_m(area([shell])) + border_m(area([hole])), 6);
});
