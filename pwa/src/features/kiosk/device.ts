/**
 * What this tablet knows of itself: which kiosk it is, and the PIN that its keeper chose. All of it is sealed (`offline/seal`).
 * The keeper's PIN is compared here, also without a network, so only a slow hash of it is kept. No person's PIN or name is ever kept for comparing.
 */
import { signal } from '@preact/signals';
import { failureOf } from '../../api/failure';
import type { components } from '../../api/schema';
import { setZone } from '../../i18n';
import { heard } from '../../offline/clock';
import { database, sealingKey } from '../../offline/db';
import { deviceToken, ownerOfDevice } from '../../offline/owner';
import { seal, type Sealed, unseal } from '../../offline/seal';
import { openKiosk } from '../../offline/session';
import { persist } from '../../offline/storage';
import { ask, reached, revoked } from './ask';

export type Kiosk = components['schemas']['KioskOut'];

const HASH_ROUNDS = 400_000;

/** Null: this tablet is not a kiosk yet. */
export const kiosk = signal<Kiosk | null>(null);

interface KeeperPin {
  salt: number[];
  hash: number[];
}

/** At the start: the kiosk this tablet was before. */
export async function recallKiosk(): Promise<void> {
  const kept = await recall<Kiosk>('kiosk');
  if (!kept) return;
  become(kept);
  await openKiosk(kept.device_id);
}

/** Turn a code into a kiosk. Throws `Failure`; `NotAKiosk` when the code was made for a phone. */
export async function enrol(code: string, pin: string): Promise<void> {
  const asked_ms = Date.now();
  const response = await fetch('/api/v1/devices', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code }),
    credentials: 'omit',
    signal: AbortSignal.timeout(20_000),
  });
  heard(response, asked_ms);
  const body: unknown = await response.json();
  if (!response.ok) throw failureOf(response, body);
  const { device, token } = body as components['schemas']['ActivatedOut'];
  if (device.kind !== 'kiosk') throw new NotAKiosk();
  void persist();
  await keep('keeper', await hashed(pin, crypto.getRandomValues(new Uint8Array(16))));
  await openKiosk(device.id, token);
  await learn(token);
}

export class NotAKiosk extends Error {}

/** The token of this kiosk; empty when it is gone, which the server will say. */
export async function tokenOfKiosk(): Promise<string> {
  return (await deviceToken(ownerOfDevice(kiosk.peek()?.device_id ?? ''))) ?? '';
}

/** Ask the server what it says of this kiosk. Never throws. */
export async function refreshKiosk(): Promise<void> {
  const known = kiosk.peek();
  const token = known && (await deviceToken(ownerOfDevice(known.device_id)));
  if (!known) return;
  if (token === null) revoked.value = true;
  else
    await learn(token).catch(() => {
      reached.value = false;
    });
}

async function learn(token: string): Promise<void> {
  const found = await ask<Kiosk>(token, '/api/v1/kiosk');
  await keep('kiosk', found);
  become(found);
}

function become(found: Kiosk): void {
  kiosk.value = found;
  setZone(found.timezone);
}

/** The keeper's PIN. Slow on purpose. */
export async function isKeeper(pin: string): Promise<boolean> {
  const kept = await recall<KeeperPin>('keeper');
  if (!kept) return true; // the storage was emptied: nothing is left to guard
  const { hash } = await hashed(pin, new Uint8Array(kept.salt));
  return hash.every((byte, index) => byte === kept.hash[index]);
}

async function hashed(pin: string, salt: Uint8Array<ArrayBuffer>): Promise<KeeperPin> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: HASH_ROUNDS }, key, 256);
  return { salt: [...salt], hash: [...new Uint8Array(bits)] };
}

/** Keep something sealed on this tablet. */
export async function keep(name: string, value: unknown): Promise<void> {
  const sealed = await seal(await sealingKey(), value);
  await (await database()).put('meta', sealed, name);
}

export async function recall<T>(name: string): Promise<T | null> {
  const sealed = (await (await database()).get('meta', name)) as Sealed | undefined;
  return sealed ? ((await unseal(await sealingKey(), sealed).catch(() => null)) as T | null) : null;
}
