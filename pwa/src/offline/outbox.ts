/**
 * The outbox for screens. Every write of the app goes through `write`; what became of it is in `entries`.
 *
 *   const { key } = await write('punch', { kind: 'in' });   // stored; from here on nothing is lost
 *   const entry = await verdict(key, 8_000);                // what the server said, or how it stands after 8 s
 */
import { computed, signal } from '@preact/signals';
import { hear, tell } from './channel';
import { madeNow } from './clock';
import { sealingKey } from './db';
import { type Bodies, KINDS, type KindName } from './kinds';
import { discardable, edited, final, type Held, type Item, type Problem, resumed, retried, type State } from './machine';
import { presentOwner } from './owner';
import { seal, type Sealed, unseal, uuid } from './seal';
import { add, change, list, remove } from './store';
import { flushSoon } from './sync';

export { StorageFull } from './room';

/** A write as a screen shows it. `body` and `answer` as far as they are still there, and never of a batch; positions are never among them. */
export interface Entry {
  key: string;
  kind: KindName;
  subject: string | null;
  state: State;
  held: Held | null;
  attempts: number;
  /** It may have arrived: say so before it is discarded. */
  uncertain: boolean;
  /** When it was made (ms since 1970), by the server's clock as far as known; `doubtful` when the device's clock was set meanwhile. */
  made_ms: number;
  doubtful: boolean;
  not_before_ms: number;
  problem: Problem | null;
  body: Record<string, unknown> | null;
  answer: unknown;
}

const shown = signal<readonly Entry[]>([]);
const tracks = signal<{ waiting: number; refused: ReadonlyMap<string, number> }>({ waiting: 0, refused: new Map() });
let seen = new Map<string, State>();

/** The present owner's writes, the oldest first, without pings. Accepted ones stay for a day. */
export const entries = computed(() => shown.value);
/** How many writes have not reached the server, without pings. */
export const unsent = computed(() => shown.value.filter((entry) => OPEN.has(entry.state)).length);
/** What a person must look at: refused, or somebody was faster. */
export const troubled = computed(() => shown.value.filter((entry) => entry.state === 'refused' || entry.state === 'conflict'));
/** Pings: how many wait, and of the last day how many were refused, by reason (`outside_window`, `switched_off`, ...). */
export const pings = computed(() => tracks.value);
const OPEN = new Set<string>(['waiting', 'sending', 'sign_in'] satisfies State[]);

export interface Options {
  /** The id in the address, for kinds that change something. */
  subject?: string;
  /** The ETag of what was on the screen. */
  if_match?: string;
  /** Its key, when it must be known before. */
  key?: string;
  /** When it was made by this device's clock, when that was not now: `position.timestamp`. */
  wall_ms?: number;
}

/** Store a write and send it as soon as possible. Throws `StorageFull`, and an `Error` when nobody is signed in. */
export async function write<K extends KindName>(kind: K, body: Bodies[K], options: Options = {}): Promise<{ key: string }> {
  const owner = presentOwner();
  if (owner === null) throw new Error('nobody to write for');
  const row = KINDS[kind];
  const subject = options.subject ?? null;
  const item: Omit<Item, 'seq'> = {
    key: options.key ?? uuid(),
    owner,
    kind,
    lane: row.lane.replace('{subject}', subject ?? ''),
    subject,
    if_match: options.if_match ?? null,
    state: 'waiting',
    attempts: 0,
    uncertain: false,
    held: null,
    not_before_ms: 0,
    made: madeNow(options.wall_ms),
    at_ms: null,
    doubtful: false,
    ...(await sealed(kind, body)),
    answer: null,
    problem: null,
    settled_ms: null,
  };
  await add(item);
  tell({ is: 'outbox' });
  flushSoon();
  return { key: item.key };
}

/** What became of it: as soon as it no longer is under way, or as it stands after `within_ms`. Null: accepted and forgotten, or discarded. */
export function verdict(key: string, within_ms: number): Promise<Entry | null> {
  return new Promise((resolve) => {
    const look = async (late: boolean) => {
      const item = (await list()).find((one) => one.key === key);
      if (item && !late && !final(item) && item.state !== 'sign_in') return;
      stop();
      clearTimeout(timer);
      resolve(item ? await entryOf(item) : null);
    };
    const stop = hear((news) => void (news.is === 'outbox' && look(false)));
    const timer = setTimeout(() => void look(true), within_ms);
    void look(false);
  });
}

/** Send it again as it is: now if it waits, or after a refusal. */
export async function retry(key: string): Promise<void> {
  await change([key], retried);
  tell({ is: 'outbox' });
  flushSoon();
}

/** Send another content instead. False: it is being sent, or may have arrived, so it must stay as it is. */
export async function edit(key: string, body: Bodies[KindName], if_match?: string): Promise<boolean> {
  const item = (await list()).find((one) => one.key === key);
  if (!item) return false;
  const content = await sealed(item.kind, body);
  const fresh = uuid();
  const done = await change([key], (now, seq) => edited(now, { ...content, key: fresh, seq, if_match: if_match ?? now.if_match }));
  tell({ is: 'outbox' });
  flushSoon();
  return done.length > 0;
}

/** Give it up. False: it is being sent at this moment. */
export async function discard(key: string): Promise<boolean> {
  const gone = await remove((item) => item.key === key && discardable(item));
  tell({ is: 'outbox' });
  return gone > 0;
}

/** Forget the pings that wait, and their positions: sharing was switched off or paused. */
export async function discardPings(): Promise<void> {
  const owner = presentOwner();
  await remove((item) => item.owner === owner && KINDS[item.kind].traceless === true);
  tell({ is: 'outbox' });
}

/** The owner signed in again (or enrolled this device again): what waited for that may leave. */
export async function resume(): Promise<void> {
  const owner = presentOwner();
  const mine = (await list()).filter((item) => item.owner === owner && item.state === 'sign_in').map((item) => item.key);
  if (mine.length) await change(mine, resumed);
  flushSoon();
}

async function sealed(kind: KindName, whole: object): Promise<{ body: Sealed; fleeting: Sealed | null }> {
  const fleeting = KINDS[kind].fleeting ?? [];
  const key = await sealingKey();
  const split = (keep: boolean) => Object.fromEntries(Object.entries(whole).filter(([name]) => fleeting.includes(name) !== keep));
  const [body, positions] = [split(true), split(false)];
  return { body: await seal(key, body), fleeting: Object.keys(positions).length ? await seal(key, positions) : null };
}

async function entryOf(item: Item): Promise<Entry> {
  const key = await sealingKey();
  const read = (content: Sealed | null) => (content && !KINDS[item.kind].batch ? unseal(key, content).catch(() => null) : null);
  const { kind, subject, state, held, attempts, uncertain, doubtful, not_before_ms, problem } = item;
  const made_ms = item.at_ms ?? item.made.wall_ms + (item.made.offset_ms ?? 0);
  const [body, answer] = await Promise.all([read(item.body) as Promise<Record<string, unknown> | null>, read(item.answer)]);
  return { key: item.key, kind, subject, state, held, attempts, uncertain, made_ms, doubtful, not_before_ms, problem, body, answer };
}

let shows = 0;

/** Read the outbox again. Called by itself; the session calls it when another owner comes. */
export async function show(): Promise<void> {
  const turn = ++shows;
  const owner = presentOwner();
  const mine = owner === null ? [] : (await list()).filter((item) => item.owner === owner);
  const traces = mine.filter((item) => KINDS[item.kind].traceless);
  const found = await Promise.all(mine.filter((item) => !KINDS[item.kind].traceless).map(entryOf));
  if (turn !== shows) return; // a later look is on its way
  shown.value = found;
  const refused = new Map<string, number>();
  for (const { problem } of traces.filter((item) => item.state === 'refused')) {
    if (problem) refused.set(problem.type, (refused.get(problem.type) ?? 0) + 1);
  }
  tracks.value = { waiting: traces.filter((item) => !final(item)).length, refused };
  announce(mine);
}

const eager = new Set<{ kinds: readonly KindName[]; then: () => void }>();

/** Run `then` whenever a write of these kinds has been accepted, by whichever tab or worker sent it. Returns how to stop. */
export function whenAccepted(kinds: readonly KindName[], then: () => void): () => void {
  const one = { kinds, then };
  eager.add(one);
  return () => void eager.delete(one);
}

function announce(mine: readonly Item[]): void {
  const arrived = new Set(mine.filter((item) => item.state === 'accepted' && OPEN.has(seen.get(item.key) ?? '')).map((item) => item.kind));
  seen = new Map(mine.map((item) => [item.key, item.state]));
  for (const one of eager) if (one.kinds.some((kind) => arrived.has(kind))) one.then();
}

let showing = false;
let again = false;

/** News may come faster than they can be read: one look at a time, and one after the last. */
async function showSoon(): Promise<void> {
  again = true;
  if (showing) return;
  showing = true;
  while (again) {
    again = false;
    await show().catch(() => undefined); // wiped meanwhile: the next news shows what is there then
  }
  showing = false;
}

hear((news) => void (news.is === 'outbox' && showSoon()));
