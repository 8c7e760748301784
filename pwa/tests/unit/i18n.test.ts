import { beforeAll, expect, test } from 'vitest';
import './browser';
import {
  dayOf,
  firstSpoken,
  formatAge,
  formatHours,
  formatList,
  formatSince,
  formatTime,
  language,
  plural,
  setLanguage,
  setZone,
} from '../../src/i18n';

const files = import.meta.glob<{ default: object }>('../../src/**/words.*.ts', { eager: true });
const pairs = Object.keys(files)
  .filter((path) => path.endsWith('.en.ts'))
  .map((path) => [path, path.replace('.en.ts', '.nl.ts')] as const);

/** Every path to a word, and whether it is a text or a function. */
function keysOf(words: object, before = ''): string[] {
  return Object.entries(words).flatMap(([key, word]) =>
    typeof word === 'object' && word !== null ? keysOf(word as object, `${before}${key}.`) : [`${before}${key}: ${typeof word}`],
  );
}

beforeAll(() => {
  setZone('Europe/Amsterdam');
});

test.each(pairs)('%s says the same in both languages', (en, nl) => {
  expect(Object.keys(files)).toContain(nl);
  expect(keysOf(files[nl]?.default ?? {})).toEqual(keysOf(files[en]?.default ?? {}));
});

test.each(Object.keys(files))('%s has no empty word', (path) => {
  const empty = (words: object): unknown[] =>
    Object.values(words).filter((word) => word === '' || (typeof word === 'object' && empty(word as object).length > 0));
  expect(empty(files[path]?.default ?? {})).toEqual([]);
});

test('the first wanted language that we speak is taken, else English', () => {
  expect(firstSpoken(['fr-FR', 'nl-BE', 'en'])).toBe('nl');
  expect(firstSpoken(['de'])).toBe('en');
});

test('times are shown in the zone of the organization, over the change to summer time', () => {
  expect(formatTime('2026-03-29T00:59:00Z')).toBe('01:59');
  expect(formatTime('2026-03-29T01:00:00Z')).toBe('03:00');
  expect(formatTime('2026-03-29T01:00:00Z', 'Asia/Tokyo')).toBe('10:00');
  expect(dayOf('2026-05-03T22:30:00Z')).toBe('2026-05-04');
});

test('what began today shows its time, what began before its day too', () => {
  const now = Date.parse('2026-05-04T10:00:00Z');
  expect(formatSince('2026-05-04T07:04:00Z', undefined, now)).toBe('09:04');
  expect(formatSince('2026-05-03T07:04:00Z', undefined, now)).toContain('09:04');
  expect(formatSince('2026-05-03T07:04:00Z', undefined, now)).toContain('3 May');
});

test('ages are told in the language of the screen, and never in the future', async () => {
  const now = Date.parse('2026-05-04T10:00:00Z');
  expect(formatAge('2026-05-04T09:57:30Z', now)).toBe('2 min ago');
  expect(formatAge('2026-05-04T10:00:30Z', now)).toBe('now');
  expect(formatAge('2026-05-03T08:00:00Z', now)).toBe('yesterday');
  await setLanguage('nl');
  expect(formatAge('2026-05-04T09:57:30Z', now)).toBe('2 min. geleden');
  expect(formatAge('2026-05-03T08:00:00Z', now)).toBe('gisteren');
  expect(document.documentElement.lang).toBe('nl');
  await setLanguage('en');
});

test('counts, hours and lists read well in both languages', async () => {
  expect(plural(1, { one: 'person', other: 'people' })).toBe('1 person');
  expect(plural(10_000, { one: 'person', other: 'people' })).toBe('10,000 people');
  expect(formatList(['Ann', 'Bob', 'Carl'])).toBe('Ann, Bob and Carl');
  await setLanguage('nl');
  expect(language.value).toBe('nl');
  expect(plural(10_000, { one: 'persoon', other: 'mensen' })).toBe('10.000 mensen');
  expect(formatList(['Ann', 'Bob', 'Carl'])).toBe('Ann, Bob en Carl');
  await setLanguage('en');
  expect([formatHours(7.75 * 3600), formatHours(-90), formatHours(0)]).toEqual(['7:45', '−0:02', '0:00']);
});
