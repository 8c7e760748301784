/**
 * Empty the outbox: the same code in every tab and in the service worker.
 *
 * Only the holder of the lock sends. The lock is queued for, not tried: who is asked to flush while another flushes comes after it and
 * finds what was written meanwhile. (With `ifAvailable` the last item would stay behind.) Without locks (no HTTPS) two tabs may send the
 * same item twice; the key makes that harmless.
 */
import { ahead, begun, chained, due, forgettable, type Item, next, type Outcome, overdue, recovered, settled } from './machine';

/** What a flush needs from the world; `ports.ts` has the real ones. */
export interface Ports {
  alone<T>(work: () => Promise<T>): Promise<T>;
  list(): Promise<Item[]>;
  change(keys: readonly string[], by: (item: Item, seq: number) => Item | null): Promise<Item[]>;
  remove(which: (item: Item) => boolean): Promise<unknown>;
  /** Whose session it is. */
  owner(): Promise<string | null>;
  /** One request with these items, all of one kind; an outcome for each. Never throws for what network or server do. */
  send(items: readonly Item[], owner: string | null): Promise<ReadonlyMap<string, Outcome>>;
  /** The time by the server's clock of what was made. */
  time(item: Item): { at_ms: number; doubtful: boolean };
  online(): boolean;
  now_ms(): number;
  /** Now by the server's clock, as well as it is known. */
  server_ms(): number;
  chance(): number;
  /** Something changed: tell the screens. */
  tell(): void;
}

/** How it ended: how many are left for this browser to send, and when the earliest is due (null: a person or the network must come first). */
export interface Flushed {
  left: number;
  due_ms: number | null;
}

/** Send all that may leave now. */
export function flush(ports: Ports): Promise<Flushed> {
  return ports.alone(async () => {
    await recover(ports);
    await ports.remove((item) => forgettable(item, ports.now_ms()));
    while (ports.online() && (await step(ports)));
    ports.tell();
    const { left, due_ms } = ahead(await ports.list(), await ports.owner());
    return { left, due_ms: ports.online() ? due_ms : null };
  });
}

async function recover(ports: Ports): Promise<void> {
  const orphans = (await ports.list()).filter((item) => item.state === 'sending').map((item) => item.key);
  if (orphans.length) await ports.change(orphans, recovered);
}

/** One request. False: nothing (more) can be sent now. */
async function step(ports: Ports): Promise<boolean> {
  const owner = await ports.owner();
  const wanted = next(await ports.list(), owner, ports.now_ms());
  if (!wanted.length) return false;
  const late = await ports.change(keysOf(wanted), (item) =>
    overdue(item, ports.time(item), { server_ms: ports.server_ms(), wall_ms: ports.now_ms() }),
  );
  if (late.length) return true;
  const items = await ports.change(keysOf(wanted), (item) => (due(item, ports.now_ms()) ? begun(item, ports.time(item)) : null));
  if (!items.length) return true; // discarded or changed in between: look again
  ports.tell();
  const outcomes = await ports.send(items, owner);
  await settle(ports, items, outcomes);
  ports.tell();
  return [...outcomes.values()].some((outcome) => outcome.is !== 'later' || outcome.held !== 'network');
}

async function settle(ports: Ports, items: readonly Item[], outcomes: ReadonlyMap<string, Outcome>): Promise<void> {
  const done = await ports.change(keysOf(items), (item) => {
    const outcome = outcomes.get(item.key);
    return outcome ? settled(item, outcome, ports.now_ms(), ports.chance()) : recovered(item);
  });
  const now_ms = ports.now_ms();
  const gone = new Set(keysOf(done.filter((item) => forgettable(item, now_ms))));
  if (gone.size) await ports.remove((item) => gone.has(item.key));
  for (const item of done) await chain(ports, item, outcomes.get(item.key));
}

/** Later edits of the same thing build on what this one made. */
async function chain(ports: Ports, done: Item, outcome: Outcome | undefined): Promise<void> {
  if (outcome?.is !== 'accepted' || done.if_match === null) return;
  const later = (await ports.list()).filter((item) => chained(item, done, outcome.etag));
  if (later.length) await ports.change(keysOf(later), (item) => chained(item, done, outcome.etag));
}

function keysOf(items: readonly Item[]): string[] {
  return items.map((item) => item.key);
}
