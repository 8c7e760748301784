/**
 * The outbox as a state machine. Pure: no clock, no storage, no network; `flush.ts` drives it.
 *
 * 1. A write is stored first, as an item with a key for ever (Idempotency-Key, `client_id` or ping id): state `waiting`.
 * 2. Items of one lane leave in the order in which they were made. Lanes do not wait for each other.
 * 3. Before it leaves it becomes `sending`, and that is stored. Whoever finds `sending` while holding the lock knows that the sender died:
 *    the item waits again, under its old key, and the server recognises a repetition.
 * 4. The server's verdict stays: `accepted`, `refused` (the problem says why), `conflict` (somebody was faster). The last two are for the
 *    person to see, to mend, to send again or to discard. They do not hold up their lane.
 * 5. No verdict (no network, 5xx, 429): it waits for longer each time. Nobody signed in: it waits in `sign_in`, and its lane with it.
 * 6. Content may change only while no copy can have arrived, or after a verdict; then it gets a new key.
 */
import { type KindName, KINDS } from './kinds';
import type { Made } from './clock';
import type { Sealed } from './seal';

export type State = 'waiting' | 'sending' | 'sign_in' | 'accepted' | 'refused' | 'conflict';
/** Why it waits: no answer came, the server failed, or the server asked for patience. */
export type Held = 'network' | 'server' | 'busy';

/** What the server says is wrong (RFC 9457), or a ping's own reason. */
export interface Problem {
  type: string;
  title?: string;
  status?: number;
  detail?: string;
  errors?: { field: string; message: string; next_step?: string }[];
  request_id?: string;
}

/** One write on its way. Times in `*_ms` are milliseconds since 1970 by this device's own clock, but for `at_ms`: by the server's. */
export interface Item {
  key: string;
  /** `organization_id:person_id`, or `device:device_id` for a kiosk. Nobody else sees or sends it. */
  owner: string;
  kind: KindName;
  lane: string;
  seq: number;
  /** The id in the address of what it changes, if it changes something. */
  subject: string | null;
  if_match: string | null;
  state: State;
  attempts: number;
  /** An attempt ended without an answer: perhaps it arrived. */
  uncertain: boolean;
  held: Held | null;
  not_before_ms: number;
  made: Made;
  /** When it was made by the server's clock; fixed at the first attempt. */
  at_ms: number | null;
  /** This device's clock was set while the item waited, so `at_ms` may be wrong. */
  doubtful: boolean;
  body: Sealed | null;
  /** Positions. Gone with the first verdict, whatever it is. */
  fleeting: Sealed | null;
  answer: Sealed | null;
  problem: Problem | null;
  settled_ms: number | null;
}

/** What came of an attempt. */
export type Outcome =
  | { is: 'accepted'; answer: Sealed | null; etag: string | null }
  | { is: 'refused'; problem: Problem }
  | { is: 'conflict'; problem: Problem }
  | { is: 'sign_in'; problem: Problem | null }
  | { is: 'later'; held: Held; problem: Problem | null; after_s: number | null; uncertain: boolean };

export const FIRST_BACKOFF_MS = 2_000;
export const LONGEST_BACKOFF_MS = 15 * 60_000;
export const KEPT_MS = 24 * 3_600_000;

/** The verdict stands; nothing happens any more by itself. */
export function final(item: Item): boolean {
  return item.state === 'accepted' || item.state === 'refused' || item.state === 'conflict';
}

/** Whether it may leave now. A time too far ahead was written before the clock was set back: it counts as past. */
export function due(item: Item, now_ms: number): boolean {
  return item.state === 'waiting' && (item.not_before_ms <= now_ms || item.not_before_ms > now_ms + LONGEST_BACKOFF_MS);
}

/** The first open item of each lane, of those that this browser may send now. Sessions send only what their owner wrote; a device's token speaks for itself. */
function heads(items: readonly Item[], owner: string | null): { open: Item[]; first: Item[] } {
  const open = items.filter((item) => !final(item) && (KINDS[item.kind].as === 'device' || item.owner === owner));
  open.sort((a, b) => a.seq - b.seq);
  const lanes = new Map<string, Item>();
  for (const item of open) if (!lanes.has(laneOf(item))) lanes.set(laneOf(item), item);
  return { open, first: [...lanes.values()] };
}

/** What leaves next: one item, or several pings. */
export function next(items: readonly Item[], owner: string | null, now_ms: number): Item[] {
  const { open, first } = heads(items, owner);
  const head = first.find((item) => due(item, now_ms));
  if (!head) return [];
  const most = KINDS[head.kind].batch?.most ?? 1;
  return open.filter((item) => laneOf(item) === laneOf(head) && item.kind === head.kind && due(item, now_ms)).slice(0, most);
}

/** How many are open here, and when to look again (null: when a person did something). */
export function ahead(items: readonly Item[], owner: string | null): { left: number; due_ms: number | null } {
  const { open, first } = heads(items, owner);
  const times = first.filter((item) => item.state === 'waiting').map((item) => item.not_before_ms);
  return { left: open.length, due_ms: times.length ? Math.min(...times) : null };
}

function laneOf(item: Item): string {
  return `${item.owner} ${item.lane}`;
}

/** It leaves now. Null when it is no longer for sending. */
export function begun(item: Item, at: { at_ms: number; doubtful: boolean }): Item | null {
  if (item.state !== 'waiting') return null;
  const first = item.at_ms === null;
  return {
    ...item,
    state: 'sending',
    attempts: item.attempts + 1,
    at_ms: first ? at.at_ms : item.at_ms,
    doubtful: first ? at.doubtful : item.doubtful,
  };
}

/**
 * Waited for longer than its kind may, so nobody sends it unasked: it goes back to the person, as a `conflict` of the kind's own type. One that may
 * have arrived is sent all the same: only the server can tell. Null: it may leave.
 */
export function overdue(item: Item, made: { at_ms: number; doubtful: boolean }, now: { server_ms: number; wall_ms: number }): Item | null {
  const stale = KINDS[item.kind].stale;
  if (!stale || item.state !== 'waiting' || item.uncertain) return null;
  if (!made.doubtful && now.server_ms - made.at_ms <= stale.after_s * 1000) return null;
  return verdict(item, 'conflict', { type: stale.type, status: 409 }, now.wall_ms);
}

/** The attempt came to this. `chance` in [0, 1) spreads devices that failed together. */
export function settled(item: Item, outcome: Outcome, now_ms: number, chance: number): Item {
  if (item.state !== 'sending') return item;
  switch (outcome.is) {
    case 'accepted':
      return { ...verdict(item, 'accepted', null, now_ms), body: null, answer: outcome.answer };
    case 'refused':
    case 'conflict':
      return verdict(item, outcome.is, outcome.problem, now_ms);
    case 'sign_in':
      return { ...item, state: 'sign_in', problem: outcome.problem };
    case 'later':
      return {
        ...item,
        state: 'waiting',
        held: outcome.held,
        problem: outcome.problem,
        uncertain: item.uncertain || outcome.uncertain,
        not_before_ms: now_ms + backoff_ms(item.attempts, outcome.after_s, chance),
      };
  }
}

function verdict(item: Item, state: State, problem: Problem | null, now_ms: number): Item {
  return { ...item, state, problem, fleeting: null, held: null, uncertain: false, settled_ms: now_ms };
}

/** Twice as long each time, somewhere in the upper half, never shorter than the server asked and never longer than a quarter of an hour. */
export function backoff_ms(attempts: number, after_s: number | null, chance: number): number {
  const most_ms = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(attempts - 1, 20));
  return Math.min(LONGEST_BACKOFF_MS, Math.max(most_ms / 2 + (chance * most_ms) / 2, (after_s ?? 0) * 1000));
}

/** Its sender died. Only for the holder of the lock. */
export function recovered(item: Item): Item | null {
  return item.state === 'sending' ? { ...item, state: 'waiting', uncertain: true, held: 'network', not_before_ms: 0 } : null;
}

/** The network is back: no need to wait longer for what only lacked it. */
export function hurried(item: Item): Item | null {
  return item.state === 'waiting' && item.held === 'network' ? { ...item, not_before_ms: 0 } : null;
}

/** Its owner signed in again. */
export function resumed(item: Item): Item | null {
  return item.state === 'sign_in' ? { ...item, state: 'waiting', problem: null, held: null, not_before_ms: 0 } : null;
}

/** Send it again as it is, after what was done before it in its lane. */
export function retried(item: Item, seq: number): Item | null {
  if (item.state === 'waiting') return { ...item, not_before_ms: 0 };
  if (item.state !== 'refused' && item.state !== 'conflict') return null;
  return { ...item, seq, state: 'waiting', problem: null, settled_ms: null, not_before_ms: 0 };
}

export interface Edit {
  key: string;
  seq: number;
  body: Sealed;
  fleeting: Sealed | null;
  if_match: string | null;
}

/** Another content. Null while a copy may be on its way. After a verdict it is a new write: with a new key, at the end of its lane. */
export function edited(item: Item, edit: Edit): Item | null {
  if (item.state === 'waiting' && !item.uncertain) {
    return { ...item, not_before_ms: 0, body: edit.body, fleeting: edit.fleeting, if_match: edit.if_match };
  }
  if (item.state !== 'refused' && item.state !== 'conflict') return null;
  return { ...item, ...edit, state: 'waiting', attempts: 0, problem: null, settled_ms: null, not_before_ms: 0 };
}

/** Not while it is being sent: the answer must find it. */
export function discardable(item: Item): boolean {
  return item.state !== 'sending';
}

/** A write after `done` on the same thing, made when the same version was on the screen: it builds on what `done` made. */
export function chained(item: Item, done: Item, etag: string | null): Item | null {
  const follows =
    item.seq > done.seq && item.owner === done.owner && item.subject === done.subject && item.state === 'waiting' && !item.uncertain;
  return follows && etag !== null && item.if_match !== null && item.if_match === done.if_match ? { ...item, if_match: etag } : null;
}

/** Nobody needs it any more: accepted a day ago (one of a batch: at once), or a ping refused a day ago. What a person must look at stays. */
export function forgettable(item: Item, now_ms: number): boolean {
  const { batch, traceless } = KINDS[item.kind];
  if (item.state === 'accepted') return batch !== undefined || (item.settled_ms ?? 0) < now_ms - KEPT_MS;
  return traceless === true && final(item) && (item.settled_ms ?? 0) < now_ms - KEPT_MS;
}
