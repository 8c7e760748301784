import fc from 'fast-check';
import { expect, test } from 'vitest';
import '../browser';
import { dayOf, formatTime } from '../../../src/i18n';
import { addDays, datesOf, isDay, momentOf, periodOf, stepped, VIEWS } from '../../../src/workday/period';

const days = fc.integer({ min: 0, max: 20_000 }).map((nth) => addDays('1990-01-01', nth));
const HERE = 'Europe/Amsterdam';

test('a week begins on Monday and a month on its first', () => {
  expect(periodOf('week', '2026-05-03')).toEqual({ first: '2026-04-27', last: '2026-05-03' });
  expect(periodOf('week', '2026-05-04')).toEqual({ first: '2026-05-04', last: '2026-05-10' });
  expect(periodOf('month', '2024-02-29')).toEqual({ first: '2024-02-01', last: '2024-02-29' });
  expect(periodOf('month', '2026-12-31')).toEqual({ first: '2026-12-01', last: '2026-12-31' });
});

test('periods follow each other without a gap, forwards and back', () => {
  fc.assert(
    fc.property(days, fc.constantFrom(...VIEWS), (day, view) => {
      const here = periodOf(view, day);
      const next = periodOf(view, stepped(view, day, 1));
      expect(next.first).toBe(addDays(here.last, 1));
      expect(periodOf(view, stepped(view, next.first, -1))).toEqual(here);
      expect(datesOf(here)).toContain(day);
      expect(datesOf(here).at(-1)).toBe(here.last);
    }),
  );
});

test('only real dates are days', () => {
  expect(['2026-02-28', '2024-02-29'].every(isDay)).toBe(true);
  expect(['2026-02-29', '2026-13-01', 'today', '', '2026-5-4'].some(isDay)).toBe(false);
});

test('a local time becomes the moment at which the clocks there showed it', () => {
  fc.assert(
    fc.property(days, fc.integer({ min: 4, max: 23 }), fc.integer({ min: 0, max: 59 }), (day, hour, minute) => {
      const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
      const at_ms = momentOf(day, time, HERE);
      expect(dayOf(at_ms, HERE)).toBe(day);
      expect(formatTime(at_ms, HERE)).toBe(time);
    }),
  );
});

test('in the night of the clock change an hour is skipped, or comes twice and the first is meant', () => {
  expect(new Date(momentOf('2026-10-25', '02:30', HERE)).toISOString()).toBe('2026-10-25T00:30:00.000Z');
  expect(new Date(momentOf('2026-03-29', '01:59', HERE)).toISOString()).toBe('2026-03-29T00:59:00.000Z');
  expect(new Date(momentOf('2026-03-29', '03:00', HERE)).toISOString()).toBe('2026-03-29T01:00:00.000Z');
  expect(formatTime(momentOf('2026-03-29', '02:30', HERE), HERE)).toBe('03:30');
});
