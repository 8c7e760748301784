import { formatDate, locale } from '../i18n';
import { t } from './words';

/** ISO weekdays: 1 is Monday. */
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** `Monday`, `Mon`. */
export function weekdayName(day: number, style: 'long' | 'short' = 'long'): string {
  return new Intl.DateTimeFormat(locale.value, { weekday: style, timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, day)));
}

/** Consecutive days as one range: `Mon to Fri`, `Mon, Wed and Sun`. Two in a row are named both. */
export function ranges(days: readonly number[]): readonly (readonly [first: number, last: number])[] {
  const found: [number, number][] = [];
  for (const day of [...new Set(days)].toSorted((a, b) => a - b)) {
    const last = found.at(-1);
    if (last?.[1] === day - 1) last[1] = day;
    else found.push([day, day]);
  }
  return found.flatMap(([first, last]): [number, number][] =>
    last === first + 1
      ? [
          [first, first],
          [last, last],
        ]
      : [[first, last]],
  );
}

export function daysWords(days: readonly number[]): string {
  const words = t().weekly;
  if (days.length === 7) return words.everyDay;
  const parts = ranges(days).map(([first, last]) =>
    first === last ? weekdayName(first, 'short') : words.fromTo(weekdayName(first, 'short'), weekdayName(last, 'short')),
  );
  return new Intl.ListFormat(locale.value).format(parts);
}

interface Weekly {
  weekdays: readonly number[];
  starts_at: string;
  ends_at: string;
  valid_from: string;
  valid_until: string | null;
}

/** `09:00–17:00`, `22:00–06:00 (next day)`. */
export function timesWords({ starts_at, ends_at }: Pick<Weekly, 'starts_at' | 'ends_at'>): string {
  return `${starts_at}–${ends_at}${ends_at <= starts_at ? ` (${t().weekly.nextDay})` : ''}`;
}

/** `Mon to Fri, 09:00–17:00`. */
export const weekWords = (week: Weekly): string => `${daysWords(week.weekdays)}, ${timesWords(week)}`;

const day = (text: string) => formatDate(`${text}T00:00:00Z`, 'UTC');

/** `from 4 May 2026`, with its end where it has one. */
export const validWords = ({ valid_from, valid_until }: Pick<Weekly, 'valid_from' | 'valid_until'>): string =>
  valid_until ? t().weekly.validBetween(day(valid_from), day(valid_until)) : t().weekly.validFrom(day(valid_from));
