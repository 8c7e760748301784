/**
 * What waits on the device is sealed with a key that scripts cannot read out (AES-GCM, non-extractable, kept by the browser).
 * Whoever copies the files of a lost phone or a kiosk finds no names and no positions in plain sight; wiping the key wipes all.
 * Without HTTPS browsers offer no cryptography: then the text is kept as it is.
 */

export type Sealed = { iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer } | { text: string };

/** A new key, or null where the browser has none to give. */
export async function newSealingKey(): Promise<CryptoKey | null> {
  return globalThis.isSecureContext ? crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']) : null;
}

/** Any JSON value, sealed. */
export async function seal(key: CryptoKey | null, value: unknown): Promise<Sealed> {
  const text = JSON.stringify(value);
  if (!key) return { text };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(text)) };
}

/** The value again. Throws when the key is another one than it was sealed with. */
export async function unseal(key: CryptoKey | null, sealed: Sealed): Promise<unknown> {
  if ('text' in sealed) return JSON.parse(sealed.text);
  if (!key) throw new Error('sealed with a key that is gone');
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv }, key, sealed.data)));
}

/** A UUID in the order of time (version 7), so that lists by id are lists by time; `crypto.randomUUID` is neither, and exists only over HTTPS. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now_ms = Date.now();
  for (let place = 0; place < 6; place += 1) bytes[place] = Math.floor(now_ms / 2 ** (40 - 8 * place)) & 0xff;
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return [...bytes].map((byte, index) => ([4, 6, 8, 10].includes(index) ? '-' : '') + byte.toString(16).padStart(2, '0')).join('');
}
