/** The lines that answer "why?", as the server writes them. */
import type { components } from '../api';

export type Why = components['schemas']['WorkdayWhy'];
export type Span = components['schemas']['SpanOut'];
export type Method = components['schemas']['PunchOut']['method'];
export type Cut = 'window_end' | 'switch_off' | 'pause' | 'instruction_withdrawn' | 'assignment_ended' | 'fence_retired' | 'gap';

interface Shared {
  effect_ms: number;
  spans: readonly Span[];
  shift?: { name: string; since: string; until: string } | null;
  punches?: readonly { id: string; kind: 'clock_in' | 'clock_out'; at: string; method: Method }[] | null;
}
export interface StayFacts {
  id: string;
  fence: string | null;
  entered_at: string;
  left_at: string | null;
  ended: 'confirmed' | 'assumed' | 'manual' | null;
  cut: Cut | null;
}
interface CorrectionFacts {
  kind: 'add' | 'remove';
  reason: string;
}
/** The facts of a line by its kind: the API describes them as plain objects. */
export type Line = Shared &
  (
    | { kind: 'stay'; stay: StayFacts }
    | { kind: 'punches' }
    | { kind: 'counted_before' }
    | { kind: 'correction' | 'correction_pending'; correction: CorrectionFacts }
    | { kind: 'break_rule'; break_rule: { worked_more_than_ms: number; break_ms: number } }
  );

export const linesOf = (why: Why): readonly Line[] => why.lines as unknown as readonly Line[];

/** How long these spans last together, in milliseconds. */
export const length_ms = (spans: readonly Span[]): number =>
  spans.reduce((sum, { since, until }) => sum + Date.parse(until) - Date.parse(since), 0);
