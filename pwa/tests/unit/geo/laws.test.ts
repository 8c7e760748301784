import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fence, Fences, type Fix, type ToldFence } from '../../../src/geo';
import { Border, type Ring } from '../../../src/geo/border';
import { clearanceM } from '../../../src/geo/judge';
import { geodesicM } from '../../../src/geo/plane';
import type { components } from '../../../src/api/schema';
import type { Bodies } from '../../../src/offline/kinds';

const RANK = { outside: -1, unclear: 0, inside: 1 };
const POLICY = { leave_margin_m: 25, max_accuracy_m: 200 };

/** A ragged ring around a place, in degrees, small enough that accuracies matter; and a fix near it. */
const ring = fc
  .record({
    longitude: fc.double({ min: -179.9, max: 179.9, noNaN: true }),
    latitude: fc.double({ min: -80, max: 80, noNaN: true }),
    sizes: fc.array(fc.double({ min: 0.0004, max: 0.004, noNaN: true }), { minLength: 3, maxLength: 30 }),
  })
  .map(({ longitude, latitude, sizes }): Ring => {
    const corners = sizes.map((size, nth) => {
      const turn = (2 * Math.PI * nth) / sizes.length;
      return [longitude + (size * Math.cos(turn)) / Math.cos((latitude * Math.PI) / 180), latitude + size * Math.sin(turn)];
    });
    return [...corners, corners[0] ?? []];
  });
const near = fc.record({
  ring,
  east: fc.double({ min: -0.01, max: 0.01, noNaN: true }),
  north: fc.double({ min: -0.006, max: 0.006, noNaN: true }),
  accuracyM: fc.option(fc.double({ min: 0.1, max: 400, noNaN: true })),
});

function told(...rings: Ring[]): ToldFence {
  return { id: 'a', geometry: { type: 'Polygon', coordinates: rings }, radius_m: null, policy: POLICY };
}

function fixOf({ ring, east, north, accuracyM }: { ring: Ring; east: number; north: number; accuracyM: number | null }): Fix {
  const [longitude = 0, latitude = 0] = ring[0] ?? [];
  return { latitude: latitude + north, longitude: longitude + east, accuracyM };
}

describe('laws', () => {
  test('wrap: a turn of the globe changes nothing', () => {
    fc.assert(
      fc.property(near, fc.constantFrom(-360, 360), (some, turn) => {
        const fix = fixOf(some);
        const turned = some.ring.map(([x = 0, y = 0]) => [x + turn, y]);
        // Adding 360 rounds: what lies within a nanometre of a bound may fall either way.
        const margins = [some.ring, turned].map((each) => new Border([[each]]).marginM(fix.latitude, fix.longitude, 1000));
        if (Math.abs(margins[0] ?? 0) === Infinity) expect(margins[1]).toBe(margins[0]);
        else expect(margins[1]).toBeCloseTo(margins[0] ?? NaN, 3);
      }),
    );
  });

  test('winding: the direction and the first corner of a ring change nothing', () => {
    fc.assert(
      fc.property(near, fc.nat(29), (some, by) => {
        const open = some.ring.slice(1);
        const moved = [...open.slice(by % open.length), ...open.slice(0, by % open.length)];
        const other = [...moved, moved[0] ?? []].reverse();
        expect(new Fence(told(other)).verdict(fixOf(some))).toBe(new Fence(told(some.ring)).verdict(fixOf(some)));
      }),
    );
  });

  test('accuracy: a worse one never says more', () => {
    fc.assert(
      fc.property(near, fc.double({ min: 1, max: 20, noNaN: true }), (some, worse) => {
        const fence = new Fence(told(some.ring));
        const fix = fixOf({ ...some, accuracyM: some.accuracyM ?? 50 });
        const [one, other] = [fence.verdict(fix), fence.verdict({ ...fix, accuracyM: (fix.accuracyM ?? 50) * worse })];
        expect(other === one || other === 'unclear').toBe(true);
      }),
    );
  });

  test('a hole is outside: an area with a hole says of a fix what its ring and the hole turned round say', () => {
    fc.assert(
      fc.property(near, (some) => {
        const [longitude = 0, latitude = 0] = some.ring[0] ?? [];
        const around = [
          [longitude - 0.05, latitude - 0.05],
          [longitude + 0.05, latitude - 0.05],
          [longitude + 0.05, latitude + 0.05],
          [longitude - 0.05, latitude + 0.05],
          [longitude - 0.05, latitude - 0.05],
        ];
        const fix = { ...fixOf(some), accuracyM: 5 };
        const sharp = { ...POLICY, leave_margin_m: 0 };
        const holed = new Fence({ ...told(around, some.ring), policy: sharp }).verdict(fix);
        const hole = new Fence({ ...told(some.ring), policy: sharp }).verdict(fix);
        expect(RANK[holed] + RANK[hole]).toBe(0);
      }),
    );
  });

  test('a circle is inside up to its radius and outside beyond it, by what accuracy and margin leave open', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -85, max: 85, noNaN: true }),
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: 60, max: 5_000, noNaN: true }),
        (latitude, longitude, radius) => {
          const fence = new Fence({
            id: 'a',
            geometry: { type: 'Point', coordinates: [longitude, latitude] },
            radius_m: radius,
            policy: POLICY,
          });
          for (const metres of [0, radius - 3, radius + 20, radius + 30, radius * 3]) {
            const fix = { latitude: latitude + metres / 111_200, longitude, accuracyM: 4 };
            const margin = radius - geodesicM(latitude, longitude, fix.latitude, fix.longitude);
            expect(fence.verdict(fix)).toBe(margin >= clearanceM(4) ? 'inside' : margin <= -25 ? 'outside' : 'unclear');
          }
        },
      ),
    );
  });
});

/** Compiles only while the server's answer goes in as it is, and what comes out goes into the outbox as it is. */
function fromServerToOutbox(told: components['schemas']['OwnFences'], fix: Fix): Bodies['sighting'] {
  return new Fences(told).sight(fix);
}

describe('what leaves this module', () => {
  const circle = (id: string, latitude: number): ToldFence => ({
    id,
    geometry: { type: 'Point', coordinates: [5.1214, latitude] },
    radius_m: 150,
    policy: POLICY,
  });
  const fences = new Fences({
    fence_set: '7.123',
    fences: [circle('b', 52.0907), circle('a', 52.0907), circle('c', 52.0921), circle('d', 53)],
  });

  test('is which fences and how accurate, and no place', () => {
    const seen = fences.sight({ latitude: 52.09071234, longitude: 5.12139876, accuracyM: 12.3 });
    expect(seen).toEqual({
      inside: ['a', 'b'],
      unclear: ['c'],
      accuracy_class_m: 25,
      fence_set: '7.123',
    });
    expect(JSON.stringify(seen)).not.toMatch(/52\.09|5\.12/);
  });

  test('is what the server takes of what the server tells', () => {
    const fence = { ...circle('a', 1), geometry: { type: 'Point', coordinates: [5, 1] }, number: 1, name: 'HQ', counts_as_work: true };
    const told = { fence_set: '7.123', evaluation: 'on_device', fences: [fence] } as const;
    expect(fromServerToOutbox({ ...told, fences: [fence] }, { latitude: 1, longitude: 5, accuracyM: 9 }).inside).toEqual(['a']);
  });

  test('names no fence that the fix is too poor for', () => {
    expect(fences.sight({ latitude: 52.0907, longitude: 5.1214, accuracyM: 201 })).toMatchObject({
      inside: [],
      unclear: [],
      accuracy_class_m: 500,
    });
  });

  test('takes an accuracy that is not known for 50 m', () => {
    const classes = [null, 0, -1].map((accuracyM) => fences.sight({ latitude: 0, longitude: 0, accuracyM }).accuracy_class_m);
    expect(classes).toEqual([50, 50, 50]);
    expect(fences.sight({ latitude: 0, longitude: 0, accuracyM: 501 }).accuracy_class_m).toBe(32_000);
  });

  test.each([
    ['a line', { type: 'LineString', coordinates: [[0, 0]] }],
    ['nothing', { type: 'Polygon', coordinates: [] }],
    [
      'a corner that is text',
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 'x'],
            [1, 1],
            [0, 0],
          ],
        ],
      },
    ],
  ])('is refused when a geofence cannot be read: %s', (_, geometry) => {
    expect(() => new Fence({ id: 'a', geometry, radius_m: null, policy: POLICY })).toThrow(RangeError);
  });

  test('is refused when a policy lacks a number', () => {
    expect(() => new Fence({ ...circle('a', 1), policy: {} })).toThrow(RangeError);
  });
});
