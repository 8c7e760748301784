import { formatDateTime, formatDay } from '../i18n';
import { Status, type Tone } from '../ui';
import { length_ms, type Span } from './lines';
import { hoursOf, reasonSaid, spansSaid } from './said';
import type { Correction } from './store';
import { t } from './words';

interface Result {
  worked_ms: number;
}
/** What a correction changes: the API describes it as a plain object. */
export type Change =
  ({ kind: 'add' | 'remove'; was?: Result } & Span) | { kind: 'late_data'; was: Result; becomes: Result } | { kind: 'confirm' };

const TONES: Record<Correction['status'], Tone> = { proposed: 'warn', approved: 'good', refused: 'bad', withdrawn: 'neutral' };

/** The change in a few words: `Add 17:05–18:00 (+0:55)`. */
export function changeSaid(change: Change, worked_on: string): string {
  const words = t().change;
  if (change.kind === 'confirm') return words.confirm;
  if (change.kind === 'late_data') return words.late_data(hoursOf(change.was.worked_ms), hoursOf(change.becomes.worked_ms));
  return words[change.kind](spansSaid([change], worked_on), hoursOf(length_ms([change])));
}

export const changeOf = (correction: Correction): Change => correction.change as unknown as Change;

/** One correction: what, of which day, who and why, and what was decided. */
export function CorrectionShown({ correction, named }: { correction: Correction; named: boolean }) {
  const words = t();
  const { worked_on, status, source, reason, proposer, decider, decided_at, decision_reason } = correction;
  const change = changeOf(correction);
  const isLate = source === 'late_data';
  const what = changeSaid(change, worked_on);
  return (
    <>
      <div class="row spread">
        <strong>{named ? correction.person : formatDay(worked_on)}</strong>
        <Status tone={TONES[status]}>{words.correctionStatus[status]}</Status>
      </div>
      <p>
        {named && <>{formatDay(worked_on)}: </>}
        {what}
      </p>
      <p class="muted small">
        {words.source[source]}
        {source === 'manager' && proposer && ` (${proposer})`}
      </p>
      <p>{isLate ? words.lateData : reasonSaid(reason)}</p>
      {'was' in change && change.was && change.kind !== 'late_data' && (
        <p class="muted small">{words.wasBefore(hoursOf(change.was.worked_ms))}</p>
      )}
      {decided_at && status !== 'proposed' && (
        <p class="muted small">
          {words.decidedBy[status](decider ?? words.somebody, formatDateTime(decided_at))}
          {decision_reason && ` · ${reasonSaid(decision_reason)}`}
        </p>
      )}
    </>
  );
}
