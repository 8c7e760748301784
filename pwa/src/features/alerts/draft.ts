/** The alert that is being made: what was chosen so far, and the body that goes to the server. Lives until it is sent or thrown away. */
import { signal } from '@preact/signals';
import type { Alert, AlertIn, Plan } from '../../api/alerts';
import type { Channel, Exercise, ReplyKind, Severity, Target, Texts } from '../../api/messaging-types';
import { drawnOf, shapeOf } from '../../map/shape';
import { type Chosen, chosenOf, DRAWN, nobody, targetOf } from '../../messaging/target';

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
  /** Hours after it was written; null: as long as the product lets it, or as the kept draft says. */
  expires_h: number | null;
  /** The draft on the server that is being changed; null: a new alert. */
  kept: Kept | null;
}

export interface Kept {
  id: string;
  etag: string;
  /** Whom it is for, where that says more than the choices can show: then it stays as it is. */
  target: Target | null;
  /** When it ends, by itself. */
  expires_at: string | null;
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
  kept: null,
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

/** What a person chooses, of a draft on the server. `now_ms`: by the server's clock. */
export function draftOf(alert: Alert, etag: string, now_ms: number): Draft {
  const target = JSON.parse(JSON.stringify(alert.target).replaceAll(String(alert.area_fence_id), DRAWN)) as Target;
  const chosen = chosenOf(target);
  const area = alert.area ? shapeOf({ geometry: alert.area.geometry, radius_m: alert.area.radius_m }) : null;
  const { channels, seconds_between, rounds, on_silence, quorum } = alert.plan as unknown as Plan;
  const isToCome = alert.expires_at !== null && Date.parse(alert.expires_at) > now_ms;
  return {
    exercise: alert.exercise,
    chosen: { ...(chosen ?? nobody), area },
    severity: alert.severity,
    said: { texts: alert.texts },
    asks_reply: alert.asks_reply,
    late_entry: alert.late_entry,
    plan: {
      channels: channels ?? alert.channels,
      seconds_between: seconds_between ?? 60,
      rounds: rounds ?? 2,
      silence: on_silence?.group ? `group:${on_silence.group}` : 'tell_sender',
    },
    quorum: quorum ?? null,
    expires_h: null,
    kept: { id: alert.id, etag, target: chosen ? null : target, expires_at: isToCome ? alert.expires_at : null },
  };
}

/** Whom it is for; null while nobody is chosen. */
export const aimOf = ({ kept, chosen }: Draft): Target | null => kept?.target ?? targetOf(chosen);

/** The body for the server; null while nobody, or nothing to say, is chosen. `now_ms`: by the server's clock. */
export function bodyOf(from: Draft, now_ms: number): AlertIn | null {
  const target = aimOf(from);
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
    ...(from.expires_h !== null
      ? { expires_at: new Date(now_ms + from.expires_h * 3_600_000).toISOString() }
      : from.kept?.expires_at && { expires_at: from.kept.expires_at }),
  };
}
