/** The alert that is being made: what was chosen so far, and the body that goes to the server. Lives until it is sent or thrown away. */
import { signal } from '@preact/signals';
import type { AlertIn, Plan } from '../../api/alerts';
import type { Channel, Exercise, ReplyKind, Severity, Texts } from '../../api/messaging-types';
import { drawnOf } from '../../map/shape';
import { type Chosen, nobody, targetOf } from '../../messaging/target';

/** What it says: written here (or ready made), or from a template with its fields filled in. */
export type Said = { texts: Texts } | { template: { id: string; fields: Record<string, string> } };

export interface Draft {
  exercise: Exercise;
  chosen: Chosen;
  /** Null: as the text says that is chosen. */
  severity: Severity | null;
  said: Said | null;
  asks_reply: boolean;
  late_entry: boolean;
  /** Null: as the organization has it. */
  plan: { channels: Channel[]; seconds_between: number; rounds: number; silence: 'tell_sender' | `group:${string}` } | null;
  quorum: { reply: ReplyKind; count: number } | null;
  /** Hours after it was written; null: until somebody ends it. */
  expires_h: number | null;
}

export const fresh: Draft = {
  exercise: 'actual',
  chosen: nobody,
  severity: null,
  said: null,
  asks_reply: true,
  late_entry: true,
  plan: null,
  quorum: null,
  expires_h: null,
};

export const draft = signal<Draft>(fresh);
export const change = (changes: Partial<Draft>) => (draft.value = { ...draft.peek(), ...changes });
export const choose = (chosen: Chosen) => change({ chosen });

/** An alert says how bad it is; when nobody said, it is severe. */
export const USUAL: Severity = 'severe';

function planOf({ plan, quorum }: Draft): Partial<Plan> | null {
  if (!plan && !quorum) return null;
  const silence = plan?.silence.startsWith('group:') ? { group: plan.silence.slice(6) } : { tell_sender: true as const };
  return {
    ...(plan && { channels: plan.channels, seconds_between: plan.seconds_between, rounds: plan.rounds, on_silence: silence }),
    quorum,
  };
}

/** The body for the server; null while nobody, or nothing to say, is chosen. `now_ms`: by the server's clock. */
export function bodyOf(from: Draft, now_ms: number): AlertIn | null {
  const target = targetOf(from.chosen);
  if (!target || !from.said) return null;
  const plan = planOf(from);
  return {
    exercise: from.exercise,
    severity: from.severity ?? USUAL,
    ...from.said,
    target,
    ...(from.chosen.area && { area: drawnOf(from.chosen.area) }),
    ...(plan && { plan }),
    ...(from.plan && { channels: from.plan.channels }),
    asks_reply: from.asks_reply,
    late_entry: from.late_entry,
    ...(from.expires_h !== null && { expires_at: new Date(now_ms + from.expires_h * 3_600_000).toISOString() }),
  };
}
