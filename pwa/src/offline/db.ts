/**
 * The one database of this device. Four stores:
 * - `outbox`: writes on their way (`machine.ts`), by key;
 * - `snapshots`: last answers of the server, by owner and name, sealed;
 * - `meta`: who was signed in last, the clock's offset, device tokens (sealed);
 * - `keys`: the key that seals; wiped first.
 * Every record of a person carries its owner. A new version of the schema is a new step in `STEPS`; steps never change.
 */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb';
import { type Item } from './machine';
import { newSealingKey, type Sealed } from './seal';

export const NAME = 'muster';

/** The last answer to one question. Times in ms since 1970, by the server's clock. */
export interface SnapshotRecord {
  owner: string;
  name: string;
  etag: string | null;
  fetched_ms: number;
  answer: Sealed;
}

export interface Meta {
  /** Whose session it was last; null after log-out. */
  owner: string | null;
  /** The owner for whom this is a shared computer. */
  shared: string | null;
  /** The server is so many ms ahead. */
  offset_ms: number;
}

interface Schema extends DBSchema {
  outbox: { key: string; value: Item; indexes: { seq: number } };
  snapshots: { key: [string, string]; value: SnapshotRecord; indexes: { fetched_ms: number } };
  meta: { key: string; value: unknown };
  keys: { key: string; value: CryptoKey };
}
export type Database = IDBPDatabase<Schema>;
type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>;

const STEPS: readonly ((db: Database, tx: Upgrade) => void)[] = [
  (db) => {
    db.createObjectStore('outbox', { keyPath: 'key' }).createIndex('seq', 'seq');
    db.createObjectStore('snapshots', { keyPath: ['owner', 'name'] }).createIndex('fetched_ms', 'fetched_ms');
    db.createObjectStore('meta');
    db.createObjectStore('keys');
  },
];

let opened: Promise<Database> | null = null;
let sealing: Promise<CryptoKey | null> | null = null;

/** The open database. Lets go of it when another tab wipes or upgrades it, and opens it anew when asked again. */
export function database(): Promise<Database> {
  opened ??= openDB<Schema>(NAME, STEPS.length, {
    upgrade(db, old, _wanted, tx) {
      for (const step of STEPS.slice(old)) step(db, tx);
    },
    blocking: close,
    terminated: forgetConnection,
  }).catch((error: unknown) => {
    forgetConnection();
    throw error;
  });
  return opened;
}

/** Let go, so that somebody can delete or upgrade it. */
export function close(): void {
  void opened?.then((db) => db.close()).catch(() => undefined);
  forgetConnection();
}

function forgetConnection(): void {
  opened = sealing = null;
}

/** The key that seals what lies here; made when first asked for. Null without HTTPS. */
export function sealingKey(): Promise<CryptoKey | null> {
  sealing ??= (async () => {
    const db = await database();
    const kept = await db.get('keys', 'sealing');
    if (kept) return kept;
    const fresh = await newSealingKey();
    if (!fresh) return null;
    const tx = db.transaction('keys', 'readwrite');
    const first = await tx.store.get('sealing'); // another tab may have been faster
    if (!first) await tx.store.put(fresh, 'sealing');
    await tx.done;
    return first ?? fresh;
  })().catch((error: unknown) => {
    sealing = null;
    throw error;
  });
  return sealing;
}

export async function getMeta<K extends keyof Meta>(name: K): Promise<Meta[K] | null> {
  return ((await (await database()).get('meta', name)) as Meta[K] | undefined) ?? null;
}

export async function setMeta<K extends keyof Meta>(name: K, value: Meta[K]): Promise<void> {
  await (await database()).put('meta', value, name);
}
