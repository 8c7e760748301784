import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readNumber, readPlace, readShape } from '../../../src/map/edit/text';
import { snapTo } from '../../../src/map/edit/snap';
import { distance_m } from '../../../src/map/measure';
import { drawnOf, type Position, type Shape } from '../../../src/map/shape';

const TRIANGLE: Position[] = [
  [5, 52],
  [5.01, 52],
  [5, 52.01],
];
const SHAPE: Shape = { kind: 'area', polygons: [[TRIANGLE]] };

test.each<[string, Shape]>([
  ['POLYGON ((5 52, 5.01 52, 5 52.01, 5 52))', SHAPE],
  ['SRID=4326;POLYGON Z((5 52 1,5.01 52 1,5 52.01 1,5 52 1));', SHAPE],
  ['MULTIPOLYGON(((5 52, 5.01 52, 5 52.01, 5 52)))', SHAPE],
  [JSON.stringify(drawnOf(SHAPE).geometry), SHAPE],
  [
    JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: null, geometry: drawnOf(SHAPE).geometry }] }),
    SHAPE,
  ],
  [
    JSON.stringify({ type: 'Feature', properties: { radius_m: 80 }, geometry: { type: 'Point', coordinates: [5, 52] } }),
    { kind: 'circle', longitude: 5, latitude: 52, radius_m: 80 },
  ],
])('%s is read', (text, shape) => {
  expect(readShape(text)).toEqual({ shape });
});

test.each([
  ['hello', 'unreadable'],
  ['{"type": "Polygon"', 'unreadable'],
  ['{"type": "Polygon", "coordinates": [[1, 2]]}', 'unreadable'],
  ['POLYGON ((5 52, a b))', 'unreadable'],
  ['POLYGON ((5 52)', 'unreadable'],
  ['POINT (5 52)', 'no_area'],
  ['{"type": "Point", "coordinates": [5, 52]}', 'no_area'],
  ['SRID=28992;POLYGON ((1 2, 3 4, 5 6, 1 2))', 'other_system'],
  ['{"type": "FeatureCollection", "features": [{}, {}]}', 'several'],
])('%s is refused as %s', (text, trouble) => {
  expect(readShape(text)).toEqual({ trouble });
});

test('nothing that is pasted breaks it', () => {
  const pieces = fc.stringMatching(/^[POLYGNMUTI {}[\]()",:0-9.-]{0,80}$/);
  fc.assert(
    fc.property(fc.oneof(fc.string(), pieces, fc.json()), (text) => {
      expect(readShape(text)).toBeTypeOf('object');
    }),
  );
});

test.each<[string, Position | null]>([
  ['52.3702, 4.8952', [4.8952, 52.3702]],
  ['52.3702,4.8952', [4.8952, 52.3702]],
  ['52,3702 4,8952', [4.8952, 52.3702]],
  ['52,3702; 4,8952', [4.8952, 52.3702]],
  ['-33.9° 18.4°', [18.4, -33.9]],
  ['91, 4', null],
  ['52.37', null],
  ['here', null],
])('the place %s', (text, expected) => {
  expect(readPlace(text)).toEqual(expected);
});

test('numbers are read with a point or a comma', () => {
  expect(['12', '12,5', '12.5', '-3', 'x', '', '1e5'].map(readNumber)).toEqual([12, 12.5, 12.5, -3, null, null, null]);
});

test('a place near a corner becomes that corner; one near an edge comes to lie on it; one far away stays', () => {
  fc.assert(
    fc.property(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: -5, max: 5, noNaN: true }), (east, north) => {
      const near: Position = [5 + east / 70_000, 52 + north / 111_000];
      expect(snapTo(near, [TRIANGLE], 10)).toEqual({ place: [5, 52], onto: 'corner' });
    }),
  );
  const beside = snapTo([5.005, 51.99995], [TRIANGLE], 10);
  expect(beside?.onto).toBe('edge');
  expect(distance_m(beside!.place, [5.005, 52])).toBeLessThan(0.01);
  expect(snapTo([5.005, 51.99], [TRIANGLE], 10)).toBeNull();
});
