/**
 * When the storage is full. What can be fetched again gives way first, then the oldest pings; a punch or a correction never does.
 * When nothing is left to give way, the write fails with `StorageFull`, and the screen says so with a next step.
 */
import { WARM } from './names';
import { database } from './db';
import { KINDS } from './kinds';

/** The storage of this device is full, and nothing of ours can give way. */
export class StorageFull extends Error {
  override name = 'StorageFull';
}

/** Run `store`; when there is no room, make some and run it again. Throws `StorageFull`. */
export async function withRoom<T>(store: () => Promise<T>): Promise<T> {
  for (const relieve of [null, dropCaches, dropSnapshots, dropPings]) {
    try {
      await relieve?.();
      return await store();
    } catch (error) {
      if (!isFull(error)) throw error;
    }
  }
  throw new StorageFull();
}

/** Whether that error means that the storage is full. A transaction may hide it behind its abort. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}

async function dropCaches(): Promise<void> {
  await globalThis.caches?.delete(WARM);
}

async function dropSnapshots(): Promise<void> {
  await (await database()).clear('snapshots');
}

/** The older half of the pings that wait, at least 100. */
async function dropPings(): Promise<void> {
  const tx = (await database()).transaction('outbox', 'readwrite');
  const all = await tx.store.index('seq').getAll();
  const pings = all.filter((item) => KINDS[item.kind].traceless && item.state !== 'sending');
  await Promise.all(pings.slice(0, Math.max(100, pings.length / 2)).map((item) => tx.store.delete(item.key)));
  await tx.done;
}
