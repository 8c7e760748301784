/** How somebody stands today, from what the server last said and from what this device has not sent yet. Pure. */
import type { components } from '../../api';

export type Kind = 'in' | 'out';
type Punch = Pick<components['schemas']['PunchOut'], 'kind' | 'at' | 'method'>;
type Presence = components['schemas']['PresenceOut'];

export interface Waiting {
  kind: Kind;
  at_ms: number;
}
export interface Today {
  /** Clocked in by hand, and since when; null: not. */
  clockedIn_ms: number | null;
  /** Where their phone says they are, the longest first; `unknown_ms` when it has been silent since. */
  places: readonly { name: string; since_ms: number; unknown_ms: number | null }[];
  /** What the big button does. */
  next: Kind;
  /** The newest punch has not reached the server yet. */
  isWaiting: boolean;
}

/** `punches`: newest first. */
export function todayOf(punches: readonly Punch[], presence: Presence | null, waiting: readonly Waiting[]): Today {
  const last = punches[0];
  const sent = last ? { kind: last.kind, at_ms: Date.parse(last.at) } : null;
  const unsent = waiting.toSorted((a, b) => b.at_ms - a.at_ms)[0];
  const newest = unsent && (!sent || unsent.at_ms >= sent.at_ms) ? unsent : sent;
  const clockedIn_ms = newest?.kind === 'in' ? newest.at_ms : null;
  const places = (presence?.fences ?? [])
    .flatMap(({ name, people }) =>
      people
        .filter((one) => one.standing !== 'assumed_left')
        .map((one) => ({ name, since_ms: Date.parse(one.since), unknown_ms: one.unknown_since ? Date.parse(one.unknown_since) : null })),
    )
    .toSorted((a, b) => a.since_ms - b.since_ms);
  return { clockedIn_ms, places, next: clockedIn_ms === null ? 'in' : 'out', isWaiting: newest !== null && newest === unsent };
}
