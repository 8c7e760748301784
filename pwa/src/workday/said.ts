/** Times and spans of a workday in words. */
import { dayOf, formatDay, formatHours, formatTime, type Moment } from '../i18n';
import type { Span } from './lines';
import { addDays } from './period';
import { t } from './words';

export const hoursOf = (ms: number): string => formatHours(ms / 1000);
/** `+7:45`, `−0:30` */
export const signedHours = (ms: number): string => (ms > 0 ? `+${hoursOf(ms)}` : hoursOf(ms));

/** The time of day, and the date when it is another one than the workday's. */
export function timeOn(at: Moment, worked_on: string): string {
  const day = dayOf(at);
  if (day === worked_on) return formatTime(at);
  if (day === addDays(worked_on, 1)) return t().nextDay(formatTime(at));
  return `${formatDay(day, { day: 'numeric', month: 'short' })} ${formatTime(at)}`;
}

/** The reason that somebody gave, as a quotation. */
export const reasonSaid = (text: string): string => t().reason(text.trim().replace(/\.$/, ''));

/** `08:31–12:02, 12:40–17:05` */
export const spansSaid = (spans: readonly Span[], worked_on: string): string =>
  spans.map(({ since, until }) => `${formatTime(since)}–${timeOn(until, worked_on)}`).join(', ');
