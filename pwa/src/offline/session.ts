/**
 * For the session (`app/session.ts`, the kiosk): whose records are shown, written and sent.
 * On a shared computer answers of the server live in memory only, and a cold start shows nobody's; writes are stored all the same, sealed.
 */
import { hear, tell } from './channel';
import { close, getMeta, setMeta } from './db';
import { resume, show } from './outbox';
import { keepDeviceToken, lastOwner, ownerOf, ownerOfDevice, setPresentOwner } from './owner';
import { restoreClock } from './ports';
import { forgetSnapshots, keepSnapshots, pruneSnapshots } from './snapshot';

/** Cold start, before the server was asked: the one who was signed in last. Null: nobody, or a shared computer. */
export async function openLast(): Promise<string | null> {
  await restoreClock();
  const owner = await lastOwner();
  const known = owner === (await getMeta('shared')) ? null : owner;
  await workFor(known);
  return known;
}

/**
 * The server says who is signed in: after sign-in, after a change of organization, and at each start. What waited for that leaves.
 * `shared_computer` as chosen at sign-in; left out: as it was.
 */
export async function signedIn(me: { organization_id: number | null; person_id: string | null }, shared_computer?: boolean): Promise<void> {
  const owner = ownerOf(me);
  if (shared_computer !== undefined) await setMeta('shared', shared_computer ? owner : null);
  keepSnapshots(owner !== (await getMeta('shared')));
  if ((await lastOwner()) !== owner) {
    await setMeta('owner', owner);
    tell({ is: 'owner' });
  }
  await workFor(owner);
  await resume();
  void pruneSnapshots().catch(() => undefined); // a full or broken store: another time
}

/** The kiosk works for its device; `token` when it was enrolled just now. */
export async function openKiosk(device_id: string, token?: string): Promise<void> {
  const owner = ownerOfDevice(device_id);
  if (token !== undefined) await keepDeviceToken(owner, token);
  await workFor(owner);
  await resume();
}

/** This page shows nobody's any more; nothing is deleted. */
export async function nobody(): Promise<void> {
  await workFor(null);
}

async function workFor(owner: string | null): Promise<void> {
  setPresentOwner(owner);
  forgetSnapshots(owner);
  await show();
}

hear((news) => {
  if (news.is !== 'wiped') return;
  close();
  void nobody();
});
