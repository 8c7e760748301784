import { beforeEach, expect, test } from 'vitest';
import { browser, json, problem } from './browser';
import { answer, api } from '../../src/api';
import { askingAgain, begin, changePassword, leave, may, me, signIn, standing, type Me } from '../../src/app/session';

const ANN: Me = {
  session_id: '00000000-0000-7000-8000-000000000001',
  sign_in_name: 'ann@acme',
  person_id: '00000000-0000-7000-8000-000000000002',
  organization_id: 1,
  organizations: [{ id: 1, slug: 'acme', name: 'Acme' }],
  roles: ['employee'],
  modules: ['attendance'],
  must_change_password: false,
  name: 'Ann',
  locale: null,
  timezone: 'Europe/Amsterdam',
  shared_computer: false,
  may: { 'me.read': 'own', 'site.read': 'all' },
};
const BOB: Me = { ...ANN, sign_in_name: 'bob@acme', person_id: '00000000-0000-7000-8000-000000000003', name: 'Bob' };
const credentials = { sign_in: 'ann@acme', password: 'secret', shared_computer: false };

function server(who: Me | null) {
  browser.answers.clear();
  browser.asked.length = 0;
  browser.answers.set('GET /api/v1/session', () => (who ? json(who) : problem(401, 'unauthorized')));
  browser.answers.set('POST /api/v1/session', () => json({ csrf_token: 'fresh' }));
  browser.answers.set('GET /api/v1/csrf-token', () => json({ csrf_token: 'fetched' }));
}
const asked = (line: string) => browser.asked.filter((one) => one.line === line);

async function signedIn(who: Me) {
  server(who);
  await begin();
  await signIn(credentials);
  browser.asked.length = 0;
}

beforeEach(async () => {
  await leave();
  browser.reloads = 0;
});

test('where nobody was signed in the sign-in screen comes without asking the server', async () => {
  server(null);
  await begin();
  expect(standing.value).toBe('nobody');
  expect(browser.asked).toEqual([]);
});

test('after signing in it is known who it is and what the roles allow', async () => {
  await signedIn(ANN);
  expect([standing.value, me.value?.name]).toEqual(['member', 'Ann']);
  expect([may('site.read'), may('site.read', 'all'), may('me.read', 'all'), may('site.edit')]).toEqual([true, true, false, false]);
});

test('without a network the app opens as whoever was signed in last', async () => {
  await signedIn(ANN);
  me.value = null;
  browser.answers.clear();
  await begin();
  expect([standing.value, me.value as Me | null]).toEqual(['member', ANN]);
});

test('a session that ended meanwhile leads to the sign-in screen', async () => {
  await signedIn(ANN);
  me.value = null;
  server(null);
  await begin();
  expect([standing.value, me.value]).toEqual(['nobody', null]);
});

test('a session that ends in the middle of work is asked for again, and the write then goes out with what was typed', async () => {
  await signedIn(ANN);
  let ended = true;
  browser.answers.set('POST /api/v1/sites', () => (ended ? problem(401, 'unauthorized') : json({ id: '1', name: 'Quay' }, 201)));
  const saving = answer(api.POST('/api/v1/sites', { body: { name: 'Quay' } }));
  await expect.poll(() => askingAgain.value).toBe(true);
  ended = false;
  await signIn(credentials);
  await expect(saving).resolves.toMatchObject({ name: 'Quay' });
  expect(asked('POST /api/v1/sites').map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ name: 'Quay' }, { name: 'Quay' }]);
  expect(asked('POST /api/v1/sites')[1]?.csrf).toBe('fresh');
  expect(askingAgain.value).toBe(false);
});

test('whoever will not sign in again gets the refusal', async () => {
  await signedIn(ANN);
  browser.answers.set('GET /api/v1/sites', () => problem(401, 'unauthorized'));
  const reading = answer(api.GET('/api/v1/sites'));
  await expect.poll(() => askingAgain.value).toBe(true);
  await leave();
  await expect(reading).rejects.toMatchObject({ status: 401 });
});

test('a wrong present password is no ended session', async () => {
  await signedIn(ANN);
  browser.answers.set('POST /api/v1/password', () => problem(401, 'unauthorized'));
  await expect(changePassword('wrong', 'a new one, long')).rejects.toMatchObject({ status: 401 });
  expect(askingAgain.value).toBe(false);
});

test('a write fetches the token once, and again when the server refuses an old one', async () => {
  await signedIn(ANN);
  let old = true;
  browser.answers.set('POST /api/v1/sites', () => {
    if (!old) return json({ id: '1', name: 'Quay' }, 201);
    old = false;
    return problem(403, 'csrf-refused');
  });
  await answer(api.POST('/api/v1/sites', { body: { name: 'Quay' } }));
  expect(asked('POST /api/v1/sites').map(({ csrf }) => csrf)).toEqual(['fresh', 'fetched']);
});

test('another person signing in where one is shown loads the app anew', async () => {
  await signedIn(ANN);
  server(BOB);
  await begin();
  expect(browser.reloads).toBe(1);
  expect(me.value?.name).toBe('Ann');
});

test('on a shared computer nothing is kept of who it was', async () => {
  await signedIn({ ...ANN, shared_computer: true });
  me.value = null;
  browser.answers.clear();
  await begin();
  expect([standing.value, me.value]).toEqual(['unknown', null]);
});
