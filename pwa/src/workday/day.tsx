import type { ComponentChildren } from 'preact';
import { formatDay } from '../i18n';
import { Notice, Status } from '../ui';
import { type Axis, clockedInSince, questionsOf, type Workday } from './axis';
import { DayBar } from './bar';
import { hoursOf, spansSaid, timeOn } from './said';
import { Disclosure, WhyLines } from './why';
import { t } from './words';

/** Approved or not, still going on or not. `quiet`: in a list, where "not approved" is the rule. */
export function DayStatus({ day, quiet = false }: { day: Workday; quiet?: boolean }) {
  const words = t();
  if (clockedInSince(day)) return <Status tone="info">{words.clockedIn}</Status>;
  if (day.is_open) return <Status tone="info">{words.stillInside}</Status>;
  if (quiet && day.status === 'open') return null;
  const revised = day.revision > 1 ? `, ${words.revised(day.revision - 1)}` : '';
  return (
    <Status tone={day.status === 'approved' ? 'good' : 'neutral'}>
      {words.status[day.status]}
      {revised}
    </Status>
  );
}

/** What a day asks, in words. */
export const questionsSaid = (day: Workday): string[] =>
  questionsOf(day).map(({ kind, at }) => t().questions[kind](timeOn(at, day.worked_on)));

/** When, in words: `08:31–12:02, 12:40–17:05 · 0:30 taken off for breaks`. */
export function timesSaid(day: Workday): string {
  const deducted = day.break_deducted_ms > 0 ? t().deducted(hoursOf(day.break_deducted_ms)) : '';
  const since = clockedInSince(day);
  const going = since ? t().clockedInSince(timeOn(since, day.worked_on)) : '';
  return [spansSaid(day.spans, day.worked_on), going, deducted].filter(Boolean).join(' · ') || t().nothing;
}

interface DayProps {
  person_id: string;
  day: Workday;
  axis: Axis;
  /** The lines of "why?" are in sight from the start. */
  opened: boolean;
  /** Buttons of this day. */
  actions?: ComponentChildren;
}

/** One day of one person: hours, bar, times, questions and every line of "why?". */
export function DayShown({ person_id, day, axis, opened, actions }: DayProps) {
  const words = t();
  const asked = questionsSaid(day);
  return (
    <article class="day section" aria-labelledby={`day-${day.worked_on}`}>
      <header class="row spread">
        <h3 id={`day-${day.worked_on}`}>{formatDay(day.worked_on)}</h3>
        <DayStatus day={day} />
        <strong class="total">{words.hours(hoursOf(day.worked_ms))}</strong>
      </header>
      <DayBar day={day} axis={axis} />
      <p class="muted">{timesSaid(day)}</p>
      {asked.map((question) => (
        <Notice key={question} tone="warn">
          {question}
        </Notice>
      ))}
      <Disclosure key={String(opened)} summary={words.why(hoursOf(day.worked_ms))} open={opened}>
        {() => <WhyLines person_id={person_id} on={day.worked_on} />}
      </Disclosure>
      {actions && <div class="actions start">{actions}</div>}
    </article>
  );
}
