import { expect, test } from 'vitest';
import { verdictOf, verdictsOf } from '../../../src/offline/verdict';

const problem = (status: number, type = '/problems/any') => ({ status, json: { type, status }, after_s: null });

test.each([
  [{ status: 201, json: { id: 1 }, after_s: null }, 'accepted'],
  [{ status: 204, json: undefined, after_s: null }, 'accepted'],
  [problem(422), 'refused'],
  [problem(403), 'refused'],
  [problem(404), 'refused'],
  [problem(409), 'conflict'],
  [problem(412), 'conflict'],
  [problem(409, '/problems/already-done'), 'accepted'],
  [problem(401), 'sign_in'],
  [problem(403, '/problems/password-change-required'), 'sign_in'],
  [problem(403, '/problems/csrf-refused'), 'later'],
  [problem(429), 'later'],
  [problem(500), 'later'],
  [problem(503), 'later'],
  [{ status: 413, json: undefined, after_s: null }, 'refused'],
])('%j comes to %s', (answered, is) => {
  expect(verdictOf(answered).is).toBe(is);
});

test.each([200, 302, 401, 403, 502, 511])(
  'what does not speak our language is not the server, whatever its status (%i): later',
  (status) => {
    expect(verdictOf({ status, json: undefined, after_s: null })).toMatchObject({ is: 'later', uncertain: true });
  },
);

test('asked for patience, nothing has happened, and the wait is kept', () => {
  expect(verdictOf({ ...problem(429), after_s: 30 })).toMatchObject({ held: 'busy', after_s: 30, uncertain: false });
});

test('each ping has its own verdict, in any order', () => {
  const results = [
    { index: 1, status: 'refused', reason: 'outside_window', detail: 'This moment lies outside.' },
    { index: 0, status: 'repeat' },
  ];
  expect(verdictsOf({ results }, 2)).toEqual([
    { is: 'accepted' },
    { is: 'refused', problem: { type: 'outside_window', detail: 'This moment lies outside.' } },
  ]);
});

test('an answer that leaves out a ping is none', () => {
  expect(verdictsOf({ results: [{ index: 0, status: 'accepted' }] }, 2)).toBeUndefined();
  expect(verdictsOf([], 1)).toBeUndefined();
});
