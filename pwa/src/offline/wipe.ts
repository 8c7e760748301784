/**
 * Leaving no trace: log-out, and the shared computer.
 *
 * 1. The caller warns when `unsent()` is not zero: what has not arrived would be lost.
 * 2. The server ends the session. Without a network a mark stays behind, and the next start ends it before anything else.
 * 3. The sealing key goes first, so that nothing is readable should the rest be cut short; then the database, the caches, the worker.
 */
import { deleteDB } from 'idb';
import { tell } from './channel';
import { close, database, NAME } from './db';
import { final } from './machine';
import { nobody } from './session';
import { list } from './store';

const PENDING = 'muster-sign-out';
const TIMEOUT_MS = 10_000;

/** How many writes of anybody on this browser have not arrived, pings included. */
export async function unsent(): Promise<number> {
  return (await list()).filter((item) => !final(item)).length;
}

/** Log out and wipe. True: the server ended the session; false: it will, at the next start with a network. */
export async function signOut(): Promise<boolean> {
  localStorage.setItem(PENDING, '1');
  await wipe();
  return finishSignOut();
}

/** At each start, before the session is asked for: end a session whose log-out found no network. False: still none. */
export async function finishSignOut(): Promise<boolean> {
  if (localStorage.getItem(PENDING) === null) return true;
  const ended = await endSession().catch(() => false);
  if (ended) localStorage.removeItem(PENDING);
  return ended;
}

async function endSession(): Promise<boolean> {
  const token = (await (await ask('/api/v1/csrf-token', {})).json()) as { csrf_token: string };
  const response = await ask('/api/v1/session', { method: 'DELETE', headers: { 'X-CSRF-Token': token.csrf_token } });
  return response.ok || response.status === 401;
}

function ask(path: string, init: RequestInit): Promise<Response> {
  return fetch(path, { ...init, cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) });
}

/** Forget everything on this browser but language and theme: writes, snapshots, tokens, caches, the worker. Other tabs hear of it. */
export async function wipe(): Promise<void> {
  await (await database()).clear('keys').catch(() => undefined);
  await nobody();
  tell({ is: 'wiped' });
  close();
  await deleteDB(NAME);
  for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
  for (const one of (await navigator.serviceWorker?.getRegistrations()) ?? []) await one.unregister();
}
