/** The items of the outbox in IndexedDB. Each change reads and writes in one transaction, so tabs and the worker never undo each other's. */
import { database } from './db';
import { type Item } from './machine';
import { withRoom } from './room';

/** All items, in the order in which they were made. */
export async function list(): Promise<Item[]> {
  return (await database()).getAllFromIndex('outbox', 'seq');
}

/** Put a new one at the end. Throws `StorageFull`. */
export function add(item: Omit<Item, 'seq'>): Promise<Item> {
  return withRoom(async () => {
    const tx = (await database()).transaction('outbox', 'readwrite');
    const stored = { ...item, seq: await lastSeq(tx.store) };
    await tx.store.add(stored);
    await tx.done;
    return stored;
  });
}

/** Put `by(item, seq)` in the place of each; `seq` is for those that go to the end. Null from `by`: unchanged. Returns what was changed. */
export function change(keys: readonly string[], by: (item: Item, seq: number) => Item | null): Promise<Item[]> {
  return withRoom(async () => {
    const tx = (await database()).transaction('outbox', 'readwrite');
    const changed: Item[] = [];
    for (const key of keys) {
      const before = await tx.store.get(key);
      const after = before && by(before, await lastSeq(tx.store));
      if (!after) continue;
      if (after.key !== key) await tx.store.delete(key);
      await tx.store.put(after);
      changed.push(after);
    }
    await tx.done;
    return changed;
  });
}

/** Remove those for which `which` holds; how many. */
export async function remove(which: (item: Item) => boolean): Promise<number> {
  const tx = (await database()).transaction('outbox', 'readwrite');
  const gone = (await tx.store.getAll()).filter(which);
  await Promise.all(gone.map((item) => tx.store.delete(item.key)));
  await tx.done;
  return gone.length;
}

interface Ordered {
  index(name: 'seq'): { openKeyCursor(query: null, direction: 'prev'): Promise<{ key: number } | null> };
}

/** The next free place in the order. */
async function lastSeq(store: Ordered): Promise<number> {
  return ((await store.index('seq').openKeyCursor(null, 'prev'))?.key ?? 0) + 1;
}
