import { language, locale, zone } from './language';

/** A moment as the API writes it (RFC 3339), as milliseconds, or as a Date. */
export type Moment = string | number | Date;

const formatters = new Map<string, Intl.DateTimeFormat>();

function dates(options: Intl.DateTimeFormatOptions, timeZone: string): Intl.DateTimeFormat {
  const key = JSON.stringify([locale.value, timeZone, options]);
  const found = formatters.get(key) ?? new Intl.DateTimeFormat(locale.value, { ...options, timeZone });
  formatters.set(key, found);
  return found;
}

/** The first of its kind takes a browser long: made while something else is waited for, nobody notices. */
export const prepareFormats = () => void dates({ timeStyle: 'short' }, 'UTC');

/** `09:04` */
export const formatTime = (at: Moment, timeZone = zone.value) => dates({ timeStyle: 'short' }, timeZone).format(new Date(at));
/** `4 May 2026` */
export const formatDate = (at: Moment, timeZone = zone.value) => dates({ dateStyle: 'medium' }, timeZone).format(new Date(at));
/** `4 May 2026, 09:04` */
export const formatDateTime = (at: Moment, timeZone = zone.value) =>
  dates({ dateStyle: 'medium', timeStyle: 'short' }, timeZone).format(new Date(at));
/** `Monday 4 May` of a local date (`2026-05-04`), which has no zone. */
export const formatDay = (day: string, options: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' }) =>
  dates(options, 'UTC').format(new Date(`${day}T00:00:00Z`));

/** The local date (`2026-05-04`) of a moment. */
export function dayOf(at: Moment, timeZone = zone.value): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(
    new Date(at),
  );
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** The time when it was today, date and time when it was not: for "since ...". */
export function formatSince(at: Moment, timeZone = zone.value, now: number = Date.now()): string {
  if (dayOf(at, timeZone) === dayOf(now, timeZone)) return formatTime(at, timeZone);
  return dates({ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }, timeZone).format(new Date(at));
}

export const formatNumber = (value: number, options: Intl.NumberFormatOptions = {}) =>
  new Intl.NumberFormat(locale.value, options).format(value);

/** `7:45` hours and minutes; nobody reckons a working day in decimals. */
export function formatHours(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  return `${seconds < 0 ? '−' : ''}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `3 min. ago`, `now`. Never in the future: clocks differ, and "in 2 seconds" helps nobody. */
export function formatAge(at: Moment, now: number): string {
  const ago_s = Math.max(0, (now - new Date(at).getTime()) / 1000);
  const [unit, size] = STEPS.find(([, step]) => ago_s >= step) ?? ['second', Infinity];
  const format = new Intl.RelativeTimeFormat(locale.value, { numeric: unit === 'day' ? 'auto' : 'always', style: 'short' });
  return size === Infinity
    ? new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' }).format(0, 'second')
    : format.format(-Math.floor(ago_s / size), unit);
}

/** `plural(3, { one: 'person', other: 'people' })` -> `3 people`. Words of both languages need no other forms. */
export function plural(count: number, forms: { one: string; other: string }): string {
  return `${formatNumber(count)} ${new Intl.PluralRules(locale.value).select(count) === 'one' ? forms.one : forms.other}`;
}

/** `Ann, Bob and Carl` */
export const formatList = (items: readonly string[]) => new Intl.ListFormat(locale.value).format(items);

/** In the order of the alphabet, numbers in names by their value. */
export function byName<T>(name: (item: T) => string): (a: T, b: T) => number {
  const collator = new Intl.Collator(language.value, { numeric: true, sensitivity: 'base' });
  return (a, b) => collator.compare(name(a), name(b));
}
