import { expect, test } from 'vitest';
import { type Clock, looked, type Made, settledTime, told } from '../../../src/offline/clock';

const HOUR_MS = 3_600_000;
const TRUE_MS = Date.parse('2026-05-04T08:00:00Z');
/** A phone that is an hour behind, told so by the server. */
const behind: Clock = { offset_ms: HOUR_MS, sure: true, wall_ms: TRUE_MS - HOUR_MS, tick_ms: 1_000 };
const made = (clock: Clock): Made => ({ wall_ms: clock.wall_ms, offset_ms: clock.offset_ms, sure: clock.sure });
const after = (clock: Clock, wall_ms: number, tick_ms: number) => looked(clock, clock.wall_ms + wall_ms, clock.tick_ms + tick_ms);

test('the answer says how far the phone is off, give or take a second', () => {
  const fresh: Clock = { offset_ms: null, sure: false, wall_ms: TRUE_MS - HOUR_MS + 200, tick_ms: 0 };
  const clock = told(fresh, TRUE_MS, TRUE_MS - HOUR_MS);
  expect(Math.abs((clock.offset_ms ?? 0) - HOUR_MS)).toBeLessThanOrEqual(1_000);
  expect(clock.sure).toBe(true);
});

test('an answer that took long, or carries no time, teaches nothing', () => {
  expect(told(behind, TRUE_MS, behind.wall_ms - 20_000)).toEqual(behind);
  expect(told(behind, Number.NaN, behind.wall_ms)).toEqual(behind);
});

test('the offset does not jump to and fro within the second that the server leaves out', () => {
  expect(told(behind, TRUE_MS + 900, behind.wall_ms).offset_ms).toBe(HOUR_MS);
});

test('a punch on a phone an hour behind has the right time', () => {
  expect(settledTime(made(behind), after(behind, 60_000, 60_000))).toEqual({ at_ms: TRUE_MS, doubtful: false });
});

test('a punch made before the server was ever heard takes the offset of the first answer', () => {
  const unheard: Made = { wall_ms: TRUE_MS - HOUR_MS, offset_ms: null, sure: false };
  expect(settledTime(unheard, behind)).toEqual({ at_ms: TRUE_MS, doubtful: false });
});

test('a clock set back while the app is open is noticed at once', () => {
  const setBack = after({ ...behind, offset_ms: 0, wall_ms: TRUE_MS }, -HOUR_MS + 1_000, 1_000);
  expect([setBack.offset_ms, setBack.sure]).toEqual([HOUR_MS, true]);
});

test('a clock that ran ahead slept or was set: the offset stays, in doubt', () => {
  const ahead = after(behind, HOUR_MS, 1_000);
  expect([ahead.offset_ms, ahead.sure]).toEqual([HOUR_MS, false]);
});

test('the phone net corrects the clock between the punch and the sending: the time of the punch stays right, and is marked', () => {
  const punch = { ...made(behind), sure: false };
  const corrected: Clock = { offset_ms: 0, sure: true, wall_ms: TRUE_MS + 60_000, tick_ms: 61_000 };
  expect(settledTime(punch, corrected)).toEqual({ at_ms: TRUE_MS, doubtful: true });
});

test('a time that would lie in the future is not believed', () => {
  const setAhead: Made = { wall_ms: TRUE_MS + HOUR_MS, offset_ms: 0, sure: false };
  const now: Clock = { offset_ms: -HOUR_MS, sure: true, wall_ms: TRUE_MS + HOUR_MS + 5_000, tick_ms: 5_000 };
  expect(settledTime(setAhead, now)).toEqual({ at_ms: TRUE_MS, doubtful: true });
});
