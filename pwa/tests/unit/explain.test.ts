import { afterEach, beforeAll, expect, test } from 'vitest';
import { browser, json, problem } from './browser';
import { answer, api, explain, Failure } from '../../src/api';
import { loadServerWords } from '../../src/api/server-words';
import { setLanguage, wordsReady } from '../../src/i18n';

beforeAll(async () => {
  await wordsReady('en');
  await wordsReady('nl');
  await loadServerWords('nl');
  await loadServerWords('en');
});
afterEach(() => setLanguage('en'));

async function failing(response: () => Response | Promise<Response>): Promise<Failure> {
  browser.answers.set('GET /api/v1/sites', response);
  const error: unknown = await answer(api.GET('/api/v1/sites')).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Failure);
  return error as Failure;
}

test.each([
  ['no network', () => Promise.reject(new TypeError('Failed to fetch')), 'unreachable'],
  ['too slow', () => Promise.reject(new DOMException('late', 'TimeoutError')), 'slow'],
  ['a failing server', () => problem(500, 'muster'), 'broken'],
  ['a proxy that fails in HTML', () => new Response('<h1>502</h1>', { status: 502 }), 'broken'],
  ['a sign-in page of the network', () => new Response('<html>Wifi</html>', { status: 200 }), 'nonsense'],
  ['an empty answer', () => new Response('', { status: 200 }), 'nonsense'],
  ['a refusal that is not ours', () => new Response('no', { status: 403 }), 'nonsense'],
  ['a refusal', () => problem(404, 'not-found'), 'refused'],
] as const)('%s is told apart', async (_name, response, kind) => {
  expect((await failing(response)).kind).toBe(kind);
});

test('each kind of failure has words and a next step of its own', async () => {
  const kinds = ['offline', 'unreachable', 'slow', 'broken', 'nonsense'] as const;
  for (const language of ['en', 'nl'] as const) {
    await setLanguage(language);
    const said = kinds.map((kind) => explain(new Failure(kind)));
    expect(new Set(said.map(({ title }) => title)).size).toBe(kinds.length);
    expect(said.every(({ next }) => next.length > 10)).toBe(true);
  }
});

test('a wrong field gets the words of the server, in the language of the screen', async () => {
  const errors = [{ field: 'new_password', message: 'The new password is the old one', next_step: 'Choose another one.' }];
  const failure = await failing(() => problem(422, 'invalid', { errors }));
  expect(explain(failure).fields.get('new_password')).toBe('The new password is the old one. Choose another one.');
  await setLanguage('nl');
  expect(explain(failure).fields.get('new_password')).toBe('Het nieuwe wachtwoord is het oude. Kies een ander.');
});

test('parts that the server fills in stay in the words', async () => {
  await setLanguage('nl');
  const errors = [{ field: 'name', message: 'String should have at most 200 characters', next_step: 'Shorten it.' }];
  expect(explain(await failing(() => problem(422, 'invalid', { errors }))).fields.get('name')).toBe(
    'Gebruik hoogstens 200 tekens. Maak het korter.',
  );
});

test('advice for programs is kept from people', async () => {
  const errors = [{ field: 'name', message: 'Field required', next_step: 'Add it.' }];
  expect(explain(await failing(() => problem(422, 'invalid', { errors }))).fields.get('name')).toBe('Fill this in.');
});

test('a text that nobody turned into Dutch is shown as it came', async () => {
  await setLanguage('nl');
  expect(explain(await failing(() => problem(409, 'conflict', { detail: 'A thing of tomorrow.' }))).next).toBe('A thing of tomorrow.');
});

test('too many tries say how long to wait', async () => {
  expect(explain(await failing(() => problem(429, 'too-many', {}, { 'Retry-After': '32' }))).next).toContain('32 seconds');
  expect(explain(await failing(() => problem(429, 'too-many', {}, { 'Retry-After': '600' }))).next).toContain('10 minutes');
});

test('a fault of the server gives its code, a refusal none', async () => {
  expect(explain(await failing(() => problem(500, 'muster'))).code).toContain('abc123');
  expect(explain(await failing(() => problem(404, 'not-found'))).code).toBeNull();
});

test('a fault of our own is not explained away', () => {
  expect(() => explain(new RangeError('ours'))).toThrow(RangeError);
});

test('data of a good answer come through', async () => {
  browser.answers.set('GET /api/v1/sites', () => json({ items: [], next_cursor: null }));
  expect(await answer(api.GET('/api/v1/sites'))).toEqual({ items: [], next_cursor: null });
});
