import type { Position } from '../shape';

export interface Located {
  place: Position;
  accuracy_m: number;
}
export type NotLocated = 'denied' | 'unavailable' | 'late';

const LONGEST_MS = 15_000;

/** Where this device is, asked once, because somebody pressed a button for it. It goes nowhere. Throws `NotLocated`. */
export function locate(): Promise<Located> {
  return new Promise((resolve, reject) => {
    if (!('geolocation' in navigator)) return reject('unavailable' satisfies NotLocated);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ place: [coords.longitude, coords.latitude], accuracy_m: coords.accuracy }),
      ({ code }) => reject((['unavailable', 'denied', 'unavailable', 'late'] as const)[code] ?? 'unavailable'),
      { enableHighAccuracy: true, timeout: LONGEST_MS, maximumAge: 0 },
    );
  });
}
