/** The outbox joined to the world: IndexedDB, `fetch`, the clock, the lock. */
import { tell } from './channel';
import { clock, serverTime_ms, settledTime, startClock } from './clock';
import { getMeta, setMeta } from './db';
import { flush, type Flushed, type Ports } from './flush';
import { lastOwner } from './owner';
import { change, list, remove } from './store';
import { send } from './transport';

/** No one waits for the lock longer than this: its holder may be a frozen tab. The next trigger tries again. */
const PATIENCE_MS = 60_000;
let queue: Promise<unknown> = Promise.resolve();

function alone<T>(work: () => Promise<T>): Promise<T> {
  if (navigator.locks) return navigator.locks.request('muster-outbox', { signal: AbortSignal.timeout(PATIENCE_MS) }, work) as Promise<T>;
  const turn = queue.then(work);
  queue = turn.catch(() => undefined);
  return turn;
}

const ports: Ports = {
  alone,
  list,
  change,
  remove,
  send,
  owner: lastOwner,
  time: (item) => settledTime(item.made, clock()),
  online: () => navigator.onLine !== false,
  now_ms: Date.now,
  server_ms: () => serverTime_ms(),
  chance: Math.random,
  tell: () => tell({ is: 'outbox' }),
};

let queued: Promise<Flushed> | null = null;

/** Send what can be sent. Asked again before it began, it is one and the same flush; asked while it runs, another one follows. */
export function flushOutbox(): Promise<Flushed> {
  queued ??= flush({ ...ports, alone: (work) => alone(() => ((queued = null), work())) }).finally(() => (queued = null));
  return queued;
}

/** Take up the clock's offset where an earlier page left it. */
export async function restoreClock(): Promise<void> {
  startClock(await getMeta('offset_ms'), (offset_ms) => void setMeta('offset_ms', offset_ms).catch(() => undefined));
}
