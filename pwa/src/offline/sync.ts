/**
 * When the outbox is emptied: after a write, at the start, when the network or the page comes back, when the next item is due, and by
 * Background Sync where the browser has it, so that closing the tab loses no time.
 */
import { hear, tell } from './channel';
import { hurried } from './machine';
import { SYNC_TAG } from './names';
import { flushOutbox, restoreClock } from './ports';
import { change, list } from './store';

const SHORTEST_MS = 1_000;
const LONGEST_MS = 60_000;

interface SyncRegistration {
  sync?: { register(tag: string): Promise<void> };
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Send soon; never throws, never blocks. */
export function flushSoon(): void {
  void askBackgroundSync();
  void run();
}

async function run(): Promise<void> {
  clearTimeout(timer);
  const flushed = await flushOutbox().catch(() => ({ left: 1, due_ms: null })); // lock not to be had, or storage failing: the timer tries again
  clearTimeout(timer);
  if (!flushed.left) return;
  const wait_ms = flushed.due_ms === null ? LONGEST_MS : flushed.due_ms - Date.now();
  timer = setTimeout(() => void run(), Math.min(LONGEST_MS, Math.max(SHORTEST_MS, wait_ms)));
}

/** The worker will be woken when there is a network, also when no tab is open any more. Not everywhere, not without permission. */
async function askBackgroundSync(): Promise<void> {
  const registration = (await globalThis.navigator?.serviceWorker?.getRegistration()) as SyncRegistration | undefined;
  await registration?.sync?.register(SYNC_TAG).catch(() => undefined);
}

/** The network is back: first the app may ask who is signed in, then what only lacked the network need not wait longer. */
async function networkCame(ask: () => Promise<void>): Promise<void> {
  await ask().catch(() => undefined);
  const held = (await list()).filter((item) => item.held === 'network').map((item) => item.key);
  if (held.length) await change(held, hurried);
  flushSoon();
}

/** Begin to empty the outbox whenever that may succeed. `onNetwork` is told first when the network came back. Once for each page. */
export async function startSync(onNetwork: () => Promise<void>): Promise<void> {
  await restoreClock();
  addEventListener('online', () => void networkCame(onNetwork).catch(() => undefined));
  addEventListener('pageshow', flushSoon);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && flushSoon());
  hear((news) => news.is === 'owner' && flushSoon());
  tell({ is: 'outbox' });
  flushSoon();
}
