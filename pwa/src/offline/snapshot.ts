/**
 * Reads that work without a network: first the last answer and its age, then the server's.
 *
 *   const today = snapshot('presence/me', () => tagged(api.GET('/api/v1/me/presence')));
 *   useEffect(() => void today.open(), []);
 *   today.value.value, today.age_s.value, today.failure.value
 *
 * The name stands for the question with all its parameters; who asks is added here, so nobody is shown what another one asked.
 */
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { hear, tell } from './channel';
import { serverTime_ms } from './clock';
import { database, sealingKey } from './db';
import { presentOwner } from './owner';
import { withRoom } from './room';
import { seal, type Sealed, unseal } from './seal';

const KEPT_MS = 14 * 24 * 3_600_000;
const TICK_MS = 15_000;

/** One question and its last answer. */
export interface Snapshot<T> {
  /** The last answer; null: none yet. */
  readonly value: ReadonlySignal<T | null>;
  /** For If-Match. */
  readonly etag: ReadonlySignal<string | null>;
  /** When it was the server's (ms since 1970, the server's clock). */
  readonly fetched_ms: ReadonlySignal<number | null>;
  /** How old it is, in seconds; goes on counting. */
  readonly age_s: ReadonlySignal<number | null>;
  readonly loading: ReadonlySignal<boolean>;
  /** What the last attempt to refresh threw; null after a good one. An old answer stays beside it. */
  readonly failure: ReadonlySignal<unknown>;
  /** Show what is kept, then ask. */
  open(): Promise<void>;
  /** Ask now. Never throws: see `failure`. */
  refresh(): Promise<void>;
}

interface Answer<T> {
  value: T;
  etag?: string;
}
interface Kept<T> extends Answer<T> {
  fetched_ms: number;
}
interface Held extends Snapshot<unknown> {
  readonly owner: string | null;
  load(): Promise<void>;
  forget(): void;
}

let keeping = true;
const held = new Map<string, Held>();
const tick = signal(0);
let ticking: ReturnType<typeof setInterval> | undefined;

/** The snapshot of this name; asked for again, the same one. `read` fetches the answer (`tagged(api.GET(...))`). */
export function snapshot<T>(name: string, read: () => Promise<Answer<T>>): Snapshot<T> {
  const known = held.get(name);
  if (known) return known as unknown as Snapshot<T>;
  const fresh = make(name, read);
  held.set(name, fresh as unknown as Held);
  ticking ??= setInterval(() => (tick.value += 1), TICK_MS);
  return fresh;
}

/** Whether answers are stored at all; on a shared computer they are not. */
export function keepSnapshots(keep: boolean): void {
  keeping = keep;
}

/** Another owner: what is shown goes, at once. */
export function forgetSnapshots(owner: string | null): void {
  for (const one of held.values()) if (one.owner !== owner) one.forget();
}

function make<T>(name: string, read: () => Promise<Answer<T>>): Snapshot<T> {
  const kept = signal<Kept<T> | null>(null);
  const loading = signal(false);
  const failure = signal<unknown>(null);
  let owner: string | null = null;
  let asking: Promise<void> | null = null;
  let again: Promise<void> | null = null;

  const take = (found: Kept<T>, whose: string | null) => {
    if (whose !== presentOwner()) return; // somebody else signed in while it was under way
    owner = whose;
    kept.value = found;
  };
  const load = async () => {
    const whose = presentOwner();
    const found = whose === null ? null : await recall<T>(whose, name);
    if (found && found.fetched_ms > (kept.peek()?.fetched_ms ?? 0)) take(found, whose);
  };
  const ask = async () => {
    const whose = presentOwner();
    loading.value = true;
    try {
      const found = { ...(await read()), fetched_ms: serverTime_ms() };
      take(found, whose);
      failure.value = null;
      if (whose !== null && keeping) await remember(whose, name, found);
    } catch (error) {
      failure.value = error;
    } finally {
      loading.value = false;
      asking = null;
    }
  };
  const refresh = (): Promise<void> => {
    if (asking === null) return (asking = ask());
    // What is under way may have been read before what the caller heard of: behind it, it is asked once more.
    return (again ??= asking.then(() => ((again = null), refresh())));
  };
  return {
    value: computed(() => kept.value?.value ?? null),
    etag: computed(() => kept.value?.etag ?? null),
    fetched_ms: computed(() => kept.value?.fetched_ms ?? null),
    age_s: computed(() => (tick.value >= 0 && kept.value ? age_s(kept.value.fetched_ms) : null)),
    loading: computed(() => loading.value),
    failure: computed(() => failure.value),
    refresh,
    async open() {
      await load().catch(() => undefined); // a broken store is no reason not to ask
      await refresh();
    },
    load,
    get owner() {
      return owner;
    },
    forget() {
      owner = kept.value = failure.value = null;
    },
  } as Snapshot<T>;
}

/** How old something of that time is, by the server's clock; never negative. */
export function age_s(fetched_ms: number): number {
  return Math.max(0, Math.round((serverTime_ms() - fetched_ms) / 1000));
}

/** What the present owner was busy with, such as a draft; null when there is nothing, or it cannot be read. */
export async function kept<T>(name: string): Promise<T | null> {
  const owner = presentOwner();
  const found = owner && ((await (await database()).get('meta', `own ${owner} ${name}`)) as Sealed | undefined);
  return found ? ((await unseal(await sealingKey(), found).catch(() => null)) as T | null) : null;
}

/** Keep it for the present owner, until `null` takes it away or they sign out: it never gives way, as no server has it. Throws `StorageFull`. */
export async function keep(name: string, value: unknown): Promise<void> {
  const owner = presentOwner();
  if (owner === null) return;
  const place = `own ${owner} ${name}`;
  if (value === null) return (await database()).delete('meta', place);
  const sealed = await seal(await sealingKey(), value);
  await withRoom(async () => (await database()).put('meta', sealed, place));
}

async function recall<T>(owner: string, name: string): Promise<Kept<T> | null> {
  const found = await (await database()).get('snapshots', [owner, name]);
  if (!found) return null;
  const value = (await unseal(await sealingKey(), found.answer)) as T;
  return { value, fetched_ms: found.fetched_ms, ...(found.etag === null ? {} : { etag: found.etag }) };
}

async function remember<T>(owner: string, name: string, found: Kept<T>): Promise<void> {
  const answer = await seal(await sealingKey(), found.value);
  const record = { owner, name, etag: found.etag ?? null, fetched_ms: found.fetched_ms, answer };
  const stored = await withRoom(async () => (await database()).put('snapshots', record)).catch(() => null); // no room: it lives until the tab closes
  if (stored) tell({ is: 'snapshot', owner, name });
}

/** Forget what nobody asked for in two weeks. */
export async function pruneSnapshots(): Promise<void> {
  const tx = (await database()).transaction('snapshots', 'readwrite');
  const old = IDBKeyRange.upperBound(serverTime_ms() - KEPT_MS);
  for (const key of await tx.store.index('fetched_ms').getAllKeys(old)) await tx.store.delete(key);
  await tx.done;
}

hear((news) => {
  if (news.is === 'snapshot' && news.owner === presentOwner())
    void held
      .get(news.name)
      ?.load()
      .catch(() => undefined);
});
