import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { explain } from '../api';
import { may } from '../app/session';
import { formatDateTime, formatList, formatTime } from '../i18n';
import { ErrorState, Skeleton } from '../ui';
import { length_ms, type Line, linesOf, type StayFacts, type Why } from './lines';
import { hoursOf, reasonSaid, signedHours, spansSaid, timeOn } from './said';
import { type Evidence, evidence, why } from './store';
import { t } from './words';

const TIMES_MOST = 6;
const WORST_CLASS_M = 500;

function accuracySaid(classes_m: readonly number[]): string {
  const [best, worst] = [Math.min(...classes_m), Math.max(...classes_m)];
  if (best > WORST_CLASS_M) return t().accuracyWorse;
  return t().accuracy(best, Math.min(worst, WORST_CLASS_M));
}

function Crossing({ crossing }: { crossing: Evidence['crossings'][number] }) {
  const words = t();
  const times = crossing.evidence.map(({ at }) => formatTime(at));
  const shown = times.length > TIMES_MOST ? [...times.slice(0, TIMES_MOST - 1), '…', ...times.slice(-1)] : times;
  return (
    <li>
      {words.crossing[crossing.kind](formatTime(crossing.at))}{' '}
      <span class="muted">
        ({words.decided(formatTime(crossing.decided_at))}).{' '}
        {times.length > 0 && words.seen(formatList(shown), accuracySaid(crossing.evidence.map((one) => one.accuracy_class_m)))}
      </span>
    </li>
  );
}

function Seen({ stay_id }: { stay_id: string }) {
  const words = t();
  const asked = evidence(stay_id);
  useEffect(() => void asked.open(), [stay_id]);
  const found = asked.value.value;
  if (!found) {
    const { value: failure } = asked.failure;
    return failure ? <ErrorState explained={explain(failure)} onRetry={() => void asked.refresh()} /> : <Skeleton lines={2} />;
  }
  if (found.evidence_term_passed) return <p class="muted">{words.evidencePassed}</p>;
  return (
    <>
      <ul class="seen">
        {found.crossings.map((crossing) => (
          <Crossing key={`${crossing.kind} ${crossing.at}`} crossing={crossing} />
        ))}
      </ul>
      <p class="muted">{words.noPlace}</p>
    </>
  );
}

/** Opens by a press, and asks only then. */
export function Disclosure({ summary, open = false, children }: { summary: string; open?: boolean; children: () => ComponentChildren }) {
  const opened = useSignal(open);
  return (
    <details class="disclosure" open={open} onToggle={(event) => event.currentTarget.open && (opened.value = true)}>
      <summary>{summary}</summary>
      {opened.value && children()}
    </details>
  );
}

/** What made a stay: the crossings and the sightings behind them. */
export function StaySeen({ stay_id }: { stay_id: string }) {
  return may('stay.read') ? <Disclosure summary={t().evidence}>{() => <Seen stay_id={stay_id} />}</Disclosure> : null;
}

/** How a stay ended, in words; nothing while it goes on. */
export function endSaid(stay: Pick<StayFacts, 'ended' | 'cut'>): string | null {
  if (stay.ended === null) return null;
  return stay.ended === 'assumed' ? (stay.cut ? t().cuts[stay.cut] : t().assumed) : t().ended[stay.ended];
}

/** What a line is, and the sentences about it. */
export function lineSaid(line: Line, worked_on: string): { title: string; about: string[] } {
  const words = t();
  const counts = line.spans.length > 0 ? words.counts(spansSaid(line.spans, worked_on)) : null;
  const time = (at: string) => timeOn(at, worked_on);
  const shift = line.shift ? words.shift(line.shift.name, formatTime(line.shift.since), time(line.shift.until)) : null;
  const adds = line.effect_ms === 0 ? words.addsNothing : null;
  const said = (title: string, ...about: (string | null)[]) => ({ title, about: about.filter((one) => one !== null) });
  switch (line.kind) {
    case 'stay': {
      const { stay } = line;
      const when = stay.left_at ? words.stayed(time(stay.entered_at), time(stay.left_at)) : words.stayedOpen(time(stay.entered_at));
      return said(
        words.stay(stay.fence ?? words.aGeofence),
        when,
        endSaid(stay),
        line.punches?.length ? words.moved : null,
        adds ?? counts,
        shift,
      );
    }
    case 'punches':
      return said(words.punches, adds ?? counts, shift);
    case 'counted_before':
      return said(words.countedBefore, words.countedBeforeText(spansSaid(line.spans, worked_on)));
    case 'correction':
      return said(words.correction[line.correction.kind], `${spansSaid(line.spans, worked_on)}.`, reasonSaid(line.correction.reason));
    case 'correction_pending':
      return said(
        words.pending[line.correction.kind],
        `${spansSaid(line.spans, worked_on)}.`,
        reasonSaid(line.correction.reason),
        words.waits,
      );
    case 'break_rule': {
      const { worked_more_than_ms, break_ms } = line.break_rule;
      return said(words.breakRule, words.breakRuleText(hoursOf(worked_more_than_ms), hoursOf(break_ms), hoursOf(length_ms(line.spans))));
    }
  }
}

function LineShown({ line, worked_on }: { line: Line; worked_on: string }) {
  const words = t();
  const { title, about } = lineSaid(line, worked_on);
  return (
    <li class="why-line">
      <div class="row spread">
        <strong>{title}</strong>
        <strong class="effect">{signedHours(line.effect_ms)}</strong>
      </div>
      <p>{about.join(' ')}</p>
      {line.punches && line.punches.length > 0 && (
        <ul class="seen">
          {line.punches.map((punch) => (
            <li key={punch.id}>{words.punch[punch.kind](timeOn(punch.at, worked_on), words.methods[punch.method])}</li>
          ))}
        </ul>
      )}
      {line.kind === 'stay' && <StaySeen stay_id={line.stay.id} />}
    </li>
  );
}

function Lines({ found }: { found: Why }) {
  const words = t();
  const { worked_on, approved_at } = found;
  return (
    <div class="why">
      <ul class="lines">
        {linesOf(found).map((line, nth) => (
          <LineShown key={nth} line={line} worked_on={worked_on} />
        ))}
      </ul>
      <p class="row spread sum">
        <strong>{words.adds}</strong>
        <strong class="effect">{hoursOf(found.worked_ms)}</strong>
      </p>
      <p class="muted small">
        {approved_at ? words.approvedBy(found.approver ?? words.somebody, formatDateTime(approved_at)) : words.notApproved}
      </p>
    </div>
  );
}

/** Every line of one day: what made its hours. They add up. */
export function WhyLines({ person_id, on }: { person_id: string; on: string }) {
  const asked = why(person_id, on);
  useEffect(() => void asked.open(), [person_id, on]);
  const found = asked.value.value;
  if (found) return <Lines found={found} />;
  if (asked.fetched_ms.value !== null) return <p class="muted">{t().nothing}</p>;
  const { value: failure } = asked.failure;
  return failure ? <ErrorState explained={explain(failure)} onRetry={() => void asked.refresh()} /> : <Skeleton lines={3} />;
}
