import { beforeAll, expect, test } from 'vitest';
import '../browser';
import { setLanguage, wordsReady } from '../../../src/i18n';
import { daysWords, ranges, timesWords, validWords, weekdayName } from '../../../src/people/weekly-words';

beforeAll(async () => {
  await wordsReady('en');
  await setLanguage('en', { keep: false });
});

test.each([
  [[1, 2, 3, 4, 5], [[1, 5]]],
  [[7, 1, 1], [[1, 1], [7, 7]]], // prettier-ignore
  [[1, 2, 4], [[1, 1], [2, 2], [4, 4]]], // prettier-ignore
  [[], []],
])('days %j are said as %j', (days, said) => {
  expect(ranges(days)).toEqual(said);
});

test('monday is the first day, and a week is said as people do', () => {
  expect(weekdayName(1)).toBe('Monday');
  expect(weekdayName(7)).toBe('Sunday');
  expect(daysWords([1, 2, 3, 4, 5])).toBe('Mon to Fri');
  expect(daysWords([1, 3, 7])).toBe('Mon, Wed and Sun');
  expect(daysWords([1, 2, 3, 4, 5, 6, 7])).toBe('Every day');
});

test('an end at or before the start is on the next day', () => {
  expect(timesWords({ starts_at: '09:00', ends_at: '17:00' })).toBe('09:00–17:00');
  expect(timesWords({ starts_at: '22:00', ends_at: '06:00' })).toBe('22:00–06:00 (next day)');
  expect(timesWords({ starts_at: '07:00', ends_at: '07:00' })).toContain('next day');
});

test('an open end is not made up', () => {
  expect(validWords({ valid_from: '2026-05-04', valid_until: null })).toBe('from 4 May 2026');
  expect(validWords({ valid_from: '2026-05-04', valid_until: '2026-12-31' })).toBe('4 May 2026 to 31 Dec 2026');
});
