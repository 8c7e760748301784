/** Questions of the kiosk, with the token of the device. No cookie ever goes along. */
import { computed, signal } from '@preact/signals';
import { Failure, failureFrom, failureOf } from '../../api/failure';
import { heard } from '../../offline/clock';

const TIMEOUT_MS = 8_000;

/** The server does not know this kiosk any more. */
export const revoked = signal(false);
/** Whether the last question reached the server. */
export const reached = signal(true);
const hasNetwork = signal(navigator.onLine !== false);
for (const change of ['online', 'offline']) addEventListener(change, () => (hasNetwork.value = navigator.onLine !== false));
/** Nobody can be asked now, as far as is known. */
export const isAway = computed(() => !reached.value || !hasNetwork.value);

/** The answer to a question; with a body it is a POST. Throws `Failure`. */
export async function ask<T>(token: string, path: string, body?: unknown): Promise<T> {
  const asked_ms = Date.now();
  const response = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    credentials: 'omit',
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    reached.value = false;
    throw failureFrom(error);
  });
  heard(response, asked_ms);
  reached.value = response.status < 500;
  revoked.value = response.status === 401;
  const said: unknown = await response.json().catch(() => null);
  if (!response.ok) throw failureOf(response, said);
  if (said === null) throw new Failure('nonsense', null, response.status);
  return said as T;
}
