/** Days, weeks and months of local dates (`2026-05-04`), and the moment of a local time. Pure. */
export type View = 'day' | 'week' | 'month';
export const VIEWS = ['day', 'week', 'month'] as const satisfies readonly View[];

/** Local dates, both included. */
export interface Period {
  first: string;
  last: string;
}

const DAY_MS = 86_400_000;
const midnight_ms = (day: string) => Date.parse(`${day}T00:00:00Z`);
const dateOf = (at_ms: number) => new Date(at_ms).toISOString().slice(0, 10);

export const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && dateOf(midnight_ms(text) || 0) === text;
export const addDays = (day: string, days: number): string => dateOf(midnight_ms(day) + days * DAY_MS);

/** The day, week (from Monday) or month that a day lies in. */
export function periodOf(view: View, day: string): Period {
  if (view === 'day') return { first: day, last: day };
  if (view === 'week') {
    const first = addDays(day, -((new Date(midnight_ms(day)).getUTCDay() + 6) % 7));
    return { first, last: addDays(first, 6) };
  }
  const first = `${day.slice(0, 8)}01`;
  return { first, last: addDays(`${addDays(first, 31).slice(0, 8)}01`, -1) };
}

/** A day in the next (1) or previous (-1) day, week or month. */
export function stepped(view: View, day: string, by: 1 | -1): string {
  const { first, last } = periodOf(view, day);
  if (view === 'month') return by === 1 ? addDays(last, 1) : periodOf('month', addDays(first, -1)).first;
  return addDays(day, view === 'week' ? 7 * by : by);
}

/** Every date of a period, the earliest first. */
export function datesOf({ first, last }: Period): string[] {
  const count = Math.max(0, Math.round((midnight_ms(last) - midnight_ms(first)) / DAY_MS) + 1);
  return Array.from({ length: count }, (_, nth) => addDays(first, nth));
}

/** How far the clocks of a zone are ahead of UTC at a moment. */
function ahead_ms(at_ms: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' });
  const part = Object.fromEntries(format.formatToParts(at_ms).map(({ type, value }) => [type, value]));
  const local = `${part['year']}-${part['month']}-${part['day']}T${part['hour']}:${part['minute']}:${part['second']}Z`;
  return Date.parse(local) - Math.floor(at_ms / 1000) * 1000;
}

/** The moment (ms since 1970) of a local time `09:30`. Of a time that comes twice the first; one that is skipped lies after the gap. */
export function momentOf(day: string, time: string, timeZone: string): number {
  const local = Date.parse(`${day}T${time}:00Z`);
  const guesses = [local - ahead_ms(local - DAY_MS / 2, timeZone), local - ahead_ms(local + DAY_MS / 2, timeZone)];
  return guesses.find((at_ms) => at_ms + ahead_ms(at_ms, timeZone) === local) ?? guesses[0] ?? local;
}
