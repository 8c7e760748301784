/** Wall-clock times of a site as moments, and rules of repetition. */
import { dayOf } from '../../i18n';

export const RULES = ['once', 'workdays', 'weekly', 'biweekly', 'monthly'] as const;
export type Rule = (typeof RULES)[number];

const WAYS: Record<Exclude<Rule, 'once'>, string> = {
  workdays: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  weekly: 'FREQ=WEEKLY',
  biweekly: 'FREQ=WEEKLY;INTERVAL=2',
  monthly: 'FREQ=MONTHLY',
};

const asText = (at: number, zone: string): string => {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(
    at,
  );
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${dayOf(at, zone)}T${part('hour')}:${part('minute')}`;
};

/** `HH:MM` of a moment in a zone. */
export const timeIn = (at: string, zone: string): string => asText(new Date(at).getTime(), zone).slice(11);

/** The moment at which clocks in a zone show this; in the hour that spring skips, the one after it. */
export function momentOf(day: string, time: string, zone: string): string {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  const offset = (at: number) => Date.parse(`${asText(at, zone)}:00Z`) - at;
  const first = wanted - offset(wanted);
  return new Date(wanted - offset(first)).toISOString();
}

/** An RRULE that ends with the last day; null: once. */
export const ruleOf = (rule: Rule, last: string): string | null =>
  rule === 'once' ? null : `${WAYS[rule]};UNTIL=${last.replaceAll('-', '')}`;

/** So many days later. */
export const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
