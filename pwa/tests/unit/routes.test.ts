import { afterEach, expect, test } from 'vitest';
import './browser';
import authority from '../../../docs/authority.md?raw';
import en from '../../src/app/words.en';
import outbox from '../../src/features/outbox/words.en';
import { KINDS } from '../../src/offline/kinds';
import { isFor, isHere, navigation, routeOf, ROUTES } from '../../src/app/routes';
import { navigate } from '../../src/app/router';
import { me, type Me } from '../../src/app/session';

const acting = (may: Me['may'], modules: string[] = []) => (me.value = { may, modules } as Me);
afterEach(() => (me.value = null));

test('every route asks for an action of the authority table', () => {
  const actions = [...authority.matchAll(/^\| ([a-z_]+\.[a-z_]+) \|/gm)].map(([, action]) => action);
  expect(actions.length).toBeGreaterThan(40);
  expect(ROUTES.flatMap((route) => route.needs?.[0] ?? []).filter((action) => !actions.includes(action))).toEqual([]);
});

test('no two routes have one address, and every screen in the navigation has its word', () => {
  const shapes = ROUTES.map((route) => route.path.replace(/:\w+/g, ':'));
  expect(new Set(shapes).size).toBe(shapes.length);
  expect(ROUTES.flatMap((route) => route.nav?.word ?? []).filter((word) => !(word in en.nav))).toEqual([]);
});

test('a screen is only for whoever may do what it needs, in an organization with its module', () => {
  const route = { path: '/x', load: () => Promise.reject(new Error()), needs: ['fence.edit', 'all'], module: 'geofence' } as const;
  acting({ 'fence.edit': 'all' }, ['geofence']);
  expect(isFor(route)).toBe(true);
  acting({ 'fence.edit': 'own' }, ['geofence']);
  expect(isFor(route)).toBe(false);
  acting({ 'fence.edit': 'all' });
  expect(isFor(route)).toBe(false);
});

test('a screen below one of the navigation lies in it, and a neighbour with a longer name does not', () => {
  const route = { path: '/people', load: () => Promise.reject(new Error()) };
  navigate('/people/7/days');
  expect(isHere(route)).toBe(true);
  navigate('/peopleware');
  expect(isHere(route)).toBe(false);
});

test('the start is the first screen of the navigation', () => {
  acting({ 'me.read': 'own' });
  expect(routeOf('/')?.route).toBe(navigation()[0]);
  expect(routeOf('/no/such/place')).toBeNull();
});

test('every write that may wait on the device has a name for people', () => {
  expect(Object.keys(KINDS).filter((kind) => !KINDS[kind as keyof typeof KINDS].traceless && !(kind in outbox.kinds))).toEqual([]);
});
