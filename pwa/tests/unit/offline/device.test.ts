/** The outbox and the snapshots on a real (in-memory) IndexedDB, with a server made of `fetch`. */
import 'fake-indexeddb/auto';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { close, database, getMeta } from '../../../src/offline/db';
import { nobody, openKiosk, openLast, signedIn } from '../../../src/offline/session';
import { discard, edit, entries, pings, StorageFull, unsent, verdict, write } from '../../../src/offline/outbox';
import { flushOutbox } from '../../../src/offline/ports';
import { keep, kept, snapshot } from '../../../src/offline/snapshot';
import { add } from '../../../src/offline/store';
import { wipe } from '../../../src/offline/wipe';

const ann = { organization_id: 1, person_id: 'ann' };
const bob = { organization_id: 1, person_id: 'bob' };
const PLACE = { latitude: 52.1234567, longitude: 4.7654321, accuracy_m: 8 };
const fullDisk = Object.assign(new Error('full'), { name: 'QuotaExceededError' });

/** What the server is asked, and what it answers by `METHOD path`; a network that is down throws. */
let asked: { path: string; method: string; headers: Headers; body: unknown }[];
let me: typeof ann | null;
let down: boolean;
let answers: Record<string, (body: unknown) => Response>;

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status, headers: { Date: new Date().toUTCString() } });
const refusal = (status: number) => json(status, { type: '/problems/any', status, detail: 'No.' });

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  [asked, me, down] = [[], ann, false];
  answers = {
    'GET /api/v1/csrf-token': () => json(200, { csrf_token: `token of ${me?.person_id}` }),
    'GET /api/v1/session': () => (me ? json(200, me) : refusal(401)),
    'POST /api/v1/punches': () => json(201, { repeat: false }),
  };
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    const method = init.method ?? 'GET';
    const body: unknown = init.body ? JSON.parse(init.body as string) : null;
    asked.push({ path, method, headers: new Headers(init.headers), body });
    if (down) throw new TypeError('no network');
    return answers[`${method} ${path}`]?.(body) ?? refusal(404);
  });
});

afterEach(async () => {
  await nobody();
  close();
  vi.unstubAllGlobals();
});

const posted = (path = '/api/v1/punches') => asked.filter((one) => one.method === 'POST' && one.path === path);
const raw = async () =>
  JSON.stringify(await (await database()).getAll('outbox'), (_, value: unknown) =>
    value instanceof ArrayBuffer ? `${value.byteLength} bytes` : value,
  );

test('a punch is stored, sent with its key, its time and its place, and the answer kept without the place', async () => {
  await signedIn(ann);
  const { key } = await write('punch', { kind: 'in', fix: { ...PLACE, recorded_at: '2026-05-04T08:00:00Z' } });
  const entry = await verdict(key, 5_000);
  expect(entry).toMatchObject({ state: 'accepted', answer: { repeat: false } });
  expect(posted()[0]?.body).toMatchObject({ client_id: key, kind: 'in', fix: PLACE });
  expect((posted()[0]?.body as { at: string }).at).toMatch(/^\d{4}-.*Z$/);
  expect(posted()[0]?.headers.get('X-CSRF-Token')).toBe('token of ann');
  expect((await (await database()).get('outbox', key))?.fleeting).toBeNull();
});

test('without a network it waits, sealed: neither words nor places can be read from the files', async () => {
  down = true;
  await signedIn(ann);
  const { key } = await write('punch', { kind: 'in', note: 'a note', fix: { ...PLACE, recorded_at: '2026-05-04T08:00:00Z' } });
  await flushOutbox();
  expect(await verdict(key, 0)).toMatchObject({ state: 'waiting', held: 'network', body: { kind: 'in', note: 'a note' } });
  expect(unsent.value).toBe(1);
  expect(await raw()).not.toMatch(/a note|52\.1|4\.76/);
});

test('a repetition is the same request to the letter', async () => {
  await signedIn(ann);
  answers['POST /api/v1/corrections'] = () => refusal(500);
  const { key } = await write('correction', { worked_on: '2026-05-04', kind: 'add', since: 'a', until: 'b', reason: 'forgot' });
  await verdict(key, 200);
  const tx = (await database()).transaction('outbox', 'readwrite');
  await tx.store.put({ ...(await tx.store.get(key))!, not_before_ms: 0 });
  await tx.done;
  await flushOutbox();
  const [first, second] = posted('/api/v1/corrections');
  expect(second?.body).toEqual(first?.body);
  expect([first, second].map((one) => one?.headers.get('Idempotency-Key'))).toEqual([key, key]);
});

test('another person on the same browser neither sees nor sends it; its owner does, after signing in again', async () => {
  down = true;
  await signedIn(ann);
  const { key } = await write('punch', { kind: 'in' });
  await flushOutbox();
  [down, me] = [false, bob];
  await signedIn(bob);
  await flushOutbox();
  expect(entries.value).toEqual([]);
  expect(posted().filter((one) => one.headers.get('X-CSRF-Token') === 'token of bob')).toEqual([]);
  me = ann;
  await signedIn(ann);
  expect(await verdict(key, 5_000)).toMatchObject({ state: 'accepted' });
});

test('should the cookie be somebody else by now, nothing is sent under their name', async () => {
  await signedIn(ann);
  await flushOutbox();
  me = bob;
  const { key } = await write('correction', { worked_on: '2026-05-04', kind: 'add', since: 'a', until: 'b', reason: 'forgot' });
  expect(await verdict(key, 1_000)).not.toMatchObject({ state: 'accepted' });
  expect(asked.filter((one) => one.headers.get('X-CSRF-Token') === 'token of bob')).toEqual([]);
});

test('signed out in the middle: it waits for the sign-in and then goes', async () => {
  me = null;
  await signedIn(ann);
  answers['POST /api/v1/punches'] = () => (me ? json(201, {}) : refusal(401));
  const { key } = await write('punch', { kind: 'out' });
  expect(await verdict(key, 5_000)).toMatchObject({ state: 'sign_in' });
  me = ann;
  await signedIn(ann);
  await flushOutbox();
  expect(await verdict(key, 5_000)).toMatchObject({ state: 'accepted' });
});

test('a refusal is shown, mended under a new key, and sent again', async () => {
  await signedIn(ann);
  answers['POST /api/v1/punches'] = (body) => ((body as { note?: string }).note ? json(201, {}) : refusal(422));
  const { key } = await write('punch', { kind: 'in' });
  expect(await verdict(key, 5_000)).toMatchObject({ state: 'refused', problem: { detail: 'No.' }, body: { kind: 'in' } });
  expect(await edit(key, { kind: 'in', note: 'now with a note' })).toBe(true);
  await flushOutbox();
  const ids = posted().map((one) => (one.body as { client_id: string }).client_id);
  expect(new Set(ids).size).toBe(2);
  expect(entries.value.map((entry) => entry.state)).toEqual(['accepted']);
});

test('a conflict stays until the person lets go of it', async () => {
  await signedIn(ann);
  answers['POST /api/v1/punches'] = () => refusal(409);
  const { key } = await write('punch', { kind: 'in' });
  expect(await verdict(key, 5_000)).toMatchObject({ state: 'conflict' });
  expect(await discard(key)).toBe(true);
  expect(await verdict(key, 0)).toBeNull();
});

test('pings go with the token of the device, each gets its verdict, and no place is left', async () => {
  down = true;
  await openKiosk('phone', 'secret token');
  for (let count = 0; count < 3; count += 1) await write('ping', PLACE, { wall_ms: Date.now() - count * 1_000 });
  await flushOutbox();
  down = false;
  const reason = 'outside_window';
  answers['POST /api/v1/pings'] = () =>
    json(200, {
      results: [
        { index: 0, status: 'accepted' },
        { index: 1, status: 'refused', reason },
        { index: 2, status: 'repeat' },
      ],
    });
  const tx = (await database()).transaction('outbox', 'readwrite');
  for (const item of await tx.store.getAll()) await tx.store.put({ ...item, not_before_ms: 0 });
  await tx.done;
  await flushOutbox();
  const request = posted('/api/v1/pings').at(-1);
  expect(request?.headers.get('Authorization')).toBe('Bearer secret token');
  expect((request?.body as { pings: unknown[] }).pings).toHaveLength(3);
  await vi.waitFor(() => expect(pings.value).toEqual({ waiting: 0, refused: new Map([[reason, 1]]) }));
  expect((await (await database()).getAll('outbox')).map((item) => item.fleeting)).toEqual([null]);
});

test('when the storage is full, snapshots and the oldest pings give way to a punch', async () => {
  down = true;
  await openKiosk('phone', 'secret token');
  await snapshot('a big question', () => Promise.resolve({ value: 'big' })).open();
  const { key: first } = await write('ping', PLACE);
  const ping = (await (await database()).get('outbox', first))!;
  for (let count = 1; count < 150; count += 1) await add({ ...ping, key: `ping ${count}` });
  const full = vi.spyOn(IDBObjectStore.prototype, 'add');
  for (const _relieved of ['nothing', 'caches', 'snapshots']) {
    full.mockImplementationOnce(() => {
      throw fullDisk;
    });
  }
  const { key } = await write('kiosk_punch', { kind: 'in', name: 'Emma Jansen' });
  full.mockRestore();
  const kept = await (await database()).getAllFromIndex('outbox', 'seq');
  expect(kept.at(-1)?.key).toBe(key);
  expect(kept.filter((item) => item.kind === 'ping').map((item) => item.seq)).toEqual(Array.from({ length: 50 }, (_, at) => at + 101));
  expect(await (await database()).count('snapshots')).toBe(0);
});

test('when nothing can give way, the write says that the storage is full', async () => {
  await signedIn(ann);
  vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
    throw fullDisk;
  });
  await expect(write('punch', { kind: 'in' })).rejects.toThrow(StorageFull);
  vi.restoreAllMocks();
});

test('a read shows the last answer first, then the new one, and keeps the old one when there is no network', async () => {
  await signedIn(ann);
  let answer = 1;
  const read = () => (down ? Promise.reject(new TypeError('no network')) : Promise.resolve({ value: answer, etag: `"${answer}"` }));
  const first = snapshot('a question', read);
  await first.open();
  expect([first.value.value, first.etag.value, first.failure.value]).toEqual([1, '"1"', null]);
  [answer, down] = [2, true];
  await first.refresh();
  expect([first.value.value, first.failure.value]).toEqual([1, expect.any(TypeError)]);
  await nobody();
  expect(first.value.value).toBeNull();
  await openLast();
  await first.open();
  expect([first.value.value, first.age_s.value]).toEqual([1, 0]);
  await signedIn(bob);
  await first.open();
  expect(first.value.value).toBeNull();
});

test('a draft stays until it is taken away, for its owner alone, and does not give way', async () => {
  await signedIn(ann);
  await keep('fence-draft/new', { name: 'Kade' });
  await (await database()).clear('snapshots');
  expect(await kept('fence-draft/new')).toEqual({ name: 'Kade' });
  await signedIn(bob);
  expect(await kept('fence-draft/new')).toBeNull();
  await signedIn(ann);
  await keep('fence-draft/new', null);
  expect(await kept('fence-draft/new')).toBeNull();
});

test('what changed while a question was under way is asked for behind it, once for all who heard of it', async () => {
  await openLast();
  const waiting: ((value: string) => void)[] = [];
  const read = () => new Promise<{ value: string }>((done) => waiting.push((value) => done({ value })));
  const list = snapshot('a list that changes', read);
  const first = list.refresh();
  const heard = [list.refresh(), list.refresh()];
  expect(waiting).toHaveLength(1);
  waiting[0]?.('before');
  await first;
  await vi.waitFor(() => expect(waiting).toHaveLength(2));
  waiting[1]?.('after');
  await Promise.all(heard);
  expect(list.value.value).toBe('after');
  expect(waiting).toHaveLength(2);
});

test('on a shared computer answers are not stored, and a cold start shows nobody', async () => {
  await signedIn(ann, true);
  await snapshot('a shared question', () => Promise.resolve({ value: 1 })).open();
  expect(await (await database()).count('snapshots')).toBe(0);
  expect(await openLast()).toBeNull();
  await signedIn(ann, false);
  expect(await openLast()).toBe('1:ann');
});

test('log-out leaves nothing behind', async () => {
  down = true;
  await signedIn(ann);
  await write('punch', { kind: 'in' });
  await snapshot('one more question', () => Promise.resolve({ value: 'about me' })).open();
  await wipe();
  for (const store of ['outbox', 'snapshots', 'meta', 'keys'] as const) expect(await (await database()).count(store)).toBe(0);
  expect([entries.value, await getMeta('owner')]).toEqual([[], null]);
});
