/** Where the times of a day stand on a bar. Pure. */
import type { components } from '../api';
import { momentOf } from './period';

export type Workday = components['schemas']['WorkdayOut'];
type Timed = Pick<Workday, 'worked_on' | 'spans' | 'questions'>;

/** Hours since the local midnight of the day that is shown; a night goes on after 24. */
export interface Axis {
  from_h: number;
  until_h: number;
  ticks_h: readonly number[];
}

const HOUR_MS = 3_600_000;
const OFFICE = { from_h: 7, until_h: 18 };
const TICKS_MOST = 7;

/** A last clock-in counts as forgotten after this long, as on the server. */
const FORGOTTEN_MS = 16 * HOUR_MS;
type Question = Workday['questions'][number];

const isGoing = ({ kind, at }: Question, now: number) => kind === 'clock_out_missing' && Date.parse(at) > now - FORGOTTEN_MS;

/** What a day asks. Who clocked in this morning has not forgotten to clock out. */
export const questionsOf = ({ questions }: Pick<Workday, 'questions'>, now = Date.now()): Question[] =>
  questions.filter((question) => !isGoing(question, now));

/** Since when somebody is clocked in by hand; null: they are not. */
export const clockedInSince = ({ questions }: Pick<Workday, 'questions'>, now = Date.now()): string | null =>
  questions.find((question) => isGoing(question, now))?.at ?? null;

const hours = (moment: string, day: string, zone: string) => (Date.parse(moment) - momentOf(day, '00:00', zone)) / HOUR_MS;

/** Wide enough for all of these days, and never narrower than a day at the office: so bars can be compared. */
export function axisOf(days: readonly Timed[], zone: string): Axis {
  const all = days.flatMap(({ worked_on, spans, questions }) =>
    [...spans.flatMap(({ since, until }) => [since, until]), ...questions.map(({ at }) => at)].map((at) => hours(at, worked_on, zone)),
  );
  const from_h = Math.floor(all.reduce((least, at) => Math.min(least, at), OFFICE.from_h));
  const until_h = Math.ceil(all.reduce((most, at) => Math.max(most, at), OFFICE.until_h));
  const step = [1, 2, 3, 4, 6, 12, 24].find((wanted) => (until_h - from_h) / wanted <= TICKS_MOST) ?? 24;
  const first = Math.ceil(from_h / step) * step;
  const ticks_h = Array.from({ length: Math.floor((until_h - first) / step) + 1 }, (_, nth) => first + nth * step);
  return { from_h, until_h, ticks_h };
}

/** From 0 (the start of the axis) to 1 (its end). */
export function placeOf(moment: string, day: string, axis: Axis, zone: string): number {
  return tickPlace(hours(moment, day, zone), axis);
}

export const tickPlace = (at_h: number, { from_h, until_h }: Axis): number =>
  Math.min(1, Math.max(0, (at_h - from_h) / (until_h - from_h)));
/** `07:00`; hours of the next day as they are on the clock. */
export const tickLabel = (at_h: number): string => String(((at_h % 24) + 24) % 24);
