/** Background Sync: the browser wakes the worker when there is a network, also when no tab is open. The same outbox, the same code. */
import { SYNC_TAG } from '../src/offline/names';
import { flushOutbox, restoreClock } from '../src/offline/ports';

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

addEventListener('sync', (event) => {
  const sync = event as SyncEvent;
  if (sync.tag === SYNC_TAG) sync.waitUntil(empty());
});

/** Rejects when something is left that only needs another try: then the browser comes back later. */
async function empty(): Promise<void> {
  await restoreClock();
  const { left, due_ms } = await flushOutbox();
  if (left && due_ms !== null) throw new Error('something still waits');
}
