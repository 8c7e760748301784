import { beforeEach, expect, test } from 'vitest';
import { goTo } from './browser';
import { at, match, matchPath, navigate, setQuery } from '../../src/app/router';

beforeEach(() => goTo('/'));

test('a path matches its pattern and gives the parameters, decoded', () => {
  expect(matchPath('/geofences/:fence_id/versions', '/geofences/a%20b/versions')).toEqual({ fence_id: 'a b' });
  expect(matchPath('/today', '/today/')).toEqual({});
});

test('a path of another shape does not match', () => {
  expect(matchPath('/geofences/:fence_id', '/geofences')).toBeNull();
  expect(matchPath('/geofences/:fence_id', '/geofences/')).toBeNull();
  expect(matchPath('/geofences/:fence_id', '/geofences/1/versions')).toBeNull();
  expect(matchPath('/today', '/tomorrow')).toBeNull();
});

test('a parameter that is badly encoded is taken as it stands', () => {
  expect(matchPath('/people/:id', '/people/%zz')).toEqual({ id: '%zz' });
});

test('the first route wins, so a fixed word goes before a parameter', () => {
  const routes = [{ path: '/people/import' }, { path: '/people/:id' }];
  expect(match(routes, '/people/import')?.route).toBe(routes[0]);
  expect(match(routes, '/people/7')?.params).toEqual({ id: '7' });
  expect(match(routes, '/elsewhere')).toBeNull();
});

test('going somewhere changes where we are', () => {
  navigate('/people?q=ann');
  expect(at.value.path).toBe('/people');
  expect(at.value.query.get('q')).toBe('ann');
});

test('a filter changes the query only; an empty one leaves it', () => {
  navigate('/people?q=ann&group=7');
  setQuery({ q: 'bob', group: null });
  expect([at.value.path, at.value.query.toString()]).toEqual(['/people', 'q=bob']);
  setQuery({ q: '' });
  expect(location.href).toBe('http://server/people');
});
