/** Whose records these are, and the credential of this device. A page of the app works for the signed-in person; the kiosk for its device. */
import { database, getMeta, sealingKey } from './db';
import { seal, type Sealed, unseal } from './seal';

/** `organization_id:person_id` of a signed-in member; null for somebody without (an operator writes nothing offline). */
export function ownerOf(me: { organization_id: number | null; person_id: string | null }): string | null {
  return me.organization_id === null || me.person_id === null ? null : `${me.organization_id}:${me.person_id}`;
}

/** The owner of what a kiosk writes. */
export function ownerOfDevice(device_id: string): string {
  return `device:${device_id}`;
}

let present: string | null = null;

/** Whose records this page shows and writes. */
export function presentOwner(): string | null {
  return present;
}

/** Work for this owner from now on. Only `session.ts` calls this. */
export function setPresentOwner(owner: string | null): void {
  present = owner;
}

/** Who was signed in last on this browser; still there after a restart without a network. */
export function lastOwner(): Promise<string | null> {
  return getMeta('owner');
}

/** Keep the token of the device that speaks for this owner: a phone that was enrolled, or a kiosk. */
export async function keepDeviceToken(owner: string, token: string): Promise<void> {
  const sealed = await seal(await sealingKey(), token);
  await (await database()).put('meta', sealed, `device ${owner}`);
}

/** The token of this owner's device, or null when none was enrolled here. */
export async function deviceToken(owner: string): Promise<string | null> {
  const sealed = (await (await database()).get('meta', `device ${owner}`)) as Sealed | undefined;
  return sealed ? ((await unseal(await sealingKey(), sealed).catch(() => null)) as string | null) : null;
}

/** This device no longer speaks for that owner. */
export async function forgetDeviceToken(owner: string): Promise<void> {
  await (await database()).delete('meta', `device ${owner}`);
}
