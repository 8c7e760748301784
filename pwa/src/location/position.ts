/**
 * Where this device is, read once or again and again. `reading` is true whenever it is, so that the shell can show it: nobody is measured unseen.
 * A position lives in memory and in the sealed outbox until it is sent; nothing here keeps it.
 */
import { signal } from '@preact/signals';
import { serverTime_ms } from '../offline/clock';
import type { Fix, Position } from '../offline/kinds';

/** How often and for what positions are read now. */
export const reading = signal<'no' | 'once' | 'watching'>('no');

/** `refused`: the person or the browser said no. `unavailable`: no GPS, no network places. `timeout`. `missing`: no such thing here (no HTTPS, say). */
export type Trouble = 'refused' | 'unavailable' | 'timeout' | 'missing';

export class NoPosition extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble);
  }
}

const FRESH: PositionOptions = { enableHighAccuracy: true, maximumAge: 0, timeout: 20_000 };
const TROUBLES: readonly (Trouble | undefined)[] = [undefined, 'refused', 'unavailable', 'timeout'];

const troubleOf = (error: GeolocationPositionError): NoPosition => new NoPosition(TROUBLES[error.code] ?? 'unavailable');

export const positionOf = ({ coords }: GeolocationPosition): Position => ({
  latitude: coords.latitude,
  longitude: coords.longitude,
  accuracy_m: Number.isFinite(coords.accuracy) ? coords.accuracy : null,
});

/** One fresh fix, for a punch. Throws `NoPosition`. */
export function freshFix(): Promise<Fix> {
  if (!('geolocation' in navigator)) return Promise.reject(new NoPosition('missing'));
  const before = reading.peek();
  reading.value = before === 'no' ? 'once' : before;
  return new Promise<Fix>((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(
      (found) => resolve({ ...positionOf(found), recorded_at: new Date(serverTime_ms(found.timestamp)).toISOString() }),
      (error) => reject(troubleOf(error)),
      FRESH,
    );
  }).finally(() => (reading.value = before));
}

/** One more position, soon; nothing when there is none. */
export function readAgain(onFix: (found: GeolocationPosition) => void): void {
  navigator.geolocation.getCurrentPosition(onFix, () => undefined, FRESH);
}

/** A device that lies still may say nothing for hours; so it is asked. */
const STILL_MS = 60_000;

/** Every new position until the returned function is called; one a minute from a device that does not move. */
export function watch(onFix: (found: GeolocationPosition) => void, onTrouble: (trouble: Trouble) => void): () => void {
  if (!('geolocation' in navigator)) {
    onTrouble('missing');
    return () => undefined;
  }
  reading.value = 'watching';
  const failed = (error: GeolocationPositionError) => onTrouble(troubleOf(error).trouble);
  const id = navigator.geolocation.watchPosition(onFix, failed, FRESH);
  const timer = setInterval(() => navigator.geolocation.getCurrentPosition(onFix, failed, FRESH), STILL_MS);
  return () => {
    navigator.geolocation.clearWatch(id);
    clearInterval(timer);
    reading.value = 'no';
  };
}

/** What the browser will say without asking; `prompt` when it would ask, or does not tell. */
export async function permission(): Promise<PermissionState> {
  if (!('geolocation' in navigator)) return 'denied';
  const found = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null);
  return found?.state ?? 'prompt';
}
