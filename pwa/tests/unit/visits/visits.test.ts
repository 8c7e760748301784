import { expect, test } from 'vitest';
import { readGuests } from '../../../src/features/visits/guests';
import { daysAfter, momentOf, ruleOf, timeIn } from '../../../src/features/visits/times';

const ZONE = 'Europe/Amsterdam';

test('a pasted list has a name on each line, and an e-mail address and a number in either order', () => {
  const { people, wrong } = readGuests(
    'Naam;E-mail\nJan de Wit; jan@example.org; +31 6 1234-5678\n\nAnna\t0612345678\tanna@example.org\n李 小龙 🎉',
    'nl',
  );
  expect(wrong).toEqual([]);
  expect(people).toEqual([
    { name: 'Jan de Wit', locale: 'nl', email: 'jan@example.org', telephone: '+31612345678' },
    { name: 'Anna', locale: 'nl', email: 'anna@example.org', telephone: '0612345678' },
    { name: '李 小龙 🎉', locale: 'nl' },
  ]);
});

test('a separator inside quotes belongs to the name', () => {
  expect(readGuests('"Wit, Jan de",jan@example.org', 'en').people).toEqual([
    { name: 'Wit, Jan de', locale: 'en', email: 'jan@example.org' },
  ]);
});

test('a line without a name, and one with what is no address, are named by their number', () => {
  expect(readGuests('Jan\njan@example.org\nPiet; piet(at)example.org\n; x@example.org', 'nl').wrong).toEqual([2, 3, 4]);
});

test('a wall clock of the site is one moment, also on the days when clocks change', () => {
  expect(momentOf('2026-07-01', '10:00', ZONE)).toBe('2026-07-01T08:00:00.000Z');
  expect(momentOf('2026-12-01', '10:00', ZONE)).toBe('2026-12-01T09:00:00.000Z');
  expect(momentOf('2026-03-29', '03:30', ZONE)).toBe('2026-03-29T01:30:00.000Z');
  expect(momentOf('2026-10-25', '00:30', ZONE)).toBe('2026-10-24T22:30:00.000Z');
  expect(timeIn('2026-12-01T23:05:00Z', ZONE)).toBe('00:05');
});

test('a repetition always ends', () => {
  expect(ruleOf('once', '2026-12-01')).toBeNull();
  expect(ruleOf('workdays', '2026-12-01')).toBe('FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261201');
  expect(daysAfter('2028-02-28', 1)).toBe('2028-02-29');
});
