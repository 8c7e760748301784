import { expect, test } from 'vitest';
import { partOf } from '../../../sw/range';
import { placeOf } from '../../../sw/route';

const at = (path: string, mode: RequestMode) => placeOf(new URL(path, 'https://muster.example'), mode);

test.each(['/', '/account', '/geofences/3f/edit?tab=map', '/attendance/2026-05-04', '/privacy/statement', '/kioskers'])(
  '%s is a screen',
  (path) => {
    expect(at(path, 'navigate')).toBe('/index.html');
  },
);

test.each(['/kiosk', '/kiosk/', '/kiosk/scan', '/kiosk.html'])('%s is the kiosk', (path) => {
  expect(at(path, 'navigate')).toBe('/kiosk.html');
});

test.each([
  '/api/v1/presence',
  '/api',
  '/healthz',
  '/privacy',
  '/privacy?language=nl',
  '/sw.js',
  '/metrics',
  '/r/r1-abc',
  '/u/u1-abc',
  '/a/1-abc',
  '/h/h1-abc',
  '/v/v1-abc',
  '/v/v1-abc/visit.ics',
  '/outbox-preview',
])('%s is the server alone', (path) => {
  expect([at(path, 'navigate'), at(path, 'cors')]).toEqual(['server', 'server']);
});

test('files are files, also when somebody opens one', () => {
  expect([at('/assets/index-1.js', 'cors'), at('/icon.svg', 'navigate')]).toEqual(['file', 'file']);
});

const whole = () => new Response(new Uint8Array(Array.from({ length: 100 }, (_, at) => at)), { headers: { ETag: '"1"' } });

test.each([
  ['bytes=0-9', 10, 'bytes 0-9/100'],
  ['bytes=90-', 10, 'bytes 90-99/100'],
  ['bytes=95-200', 5, 'bytes 95-99/100'],
])('%s of a whole file', async (range, length, said) => {
  const part = await partOf(whole(), range);
  const bytes = new Uint8Array(await part.arrayBuffer());
  expect([part.status, bytes.length, part.headers.get('Content-Range'), part.headers.get('ETag')]).toEqual([206, length, said, '"1"']);
  expect(bytes[0]).toBe(Number(said.slice(6).split('-')[0]));
});

test('a part that is not there', async () => {
  expect((await partOf(whole(), 'bytes=100-120')).status).toBe(416);
});
