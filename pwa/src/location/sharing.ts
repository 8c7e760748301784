/**
 * Sharing while the app is open, in order:
 * 1. `startSharing` begins when the switch is on, this browser is an enrolled phone, and it is the one that speaks for the person.
 * 2. Positions are watched only while the page is in sight: a web app cannot see anybody in the background, and does not pretend to.
 * 3. A fix is sent when `STEP_MS` have passed, or at once when it is the first. Where the organization chose that phones judge, it is judged here
 *    by the fences of `GET /api/v1/me/fences`, and only the verdict is kept and sent.
 * 4. Off is instant: the watch ends, and what waits in the outbox is thrown away.
 */
import { signal } from '@preact/signals';
import { api, tagged } from '../api';
import { Fences } from '../geo';
import { serverTime_ms } from '../offline/clock';
import { discardPings, write } from '../offline/outbox';
import { snapshot } from '../offline/snapshot';
import { positionOf, readAgain, type Trouble, watch } from './position';

const STEP_MS = 30_000;

/** What hinders sharing now; null: nothing. */
export const hindrance = signal<Trouble | 'storage' | null>(null);
/** When a position was last handed to the outbox (ms). */
export const lastShared_ms = signal<number | null>(null);

/** The person's geofences, and who judges their positions (`evaluation`; null: nobody, as the organization has not asked for locations). */
export const ownFences = () => snapshot('me/fences', () => tagged(api.GET('/api/v1/me/fences')));

let stop: (() => void) | null = null;
let sent_ms = 0;
/** What was measured before sharing began, by this device's clock and by the server's, is nobody's business: the server would refuse it. */
let begun_ms = 0;
let since_ms = 0;
/** The server tells its time in whole seconds, so ours may lie a second before it. */
const SOON_MS = 2_000;
let again: ReturnType<typeof setTimeout> | undefined;

async function share(found: GeolocationPosition): Promise<void> {
  hindrance.value = null;
  if (found.timestamp < begun_ms || serverTime_ms(found.timestamp) <= since_ms) {
    again ??= setTimeout(() => {
      again = undefined;
      if (stop) readAgain((next) => void share(next));
    }, SOON_MS);
    return;
  }
  if (found.timestamp - sent_ms < STEP_MS) return;
  const before_ms = sent_ms;
  sent_ms = found.timestamp; // two fixes at once must not both pass
  const position = positionOf(found);
  const options = { wall_ms: found.timestamp };
  if (!ownFences().value.peek()) await ownFences().open();
  const told = ownFences().value.peek();
  if (!told?.evaluation || !stop) return; // switched off meanwhile
  try {
    if (told.evaluation === 'on_device') {
      const { latitude, longitude, accuracy_m } = position;
      await write('sighting', new Fences(told).sight({ latitude, longitude, accuracyM: accuracy_m }), options);
    } else await write('ping', position, options);
    lastShared_ms.value = found.timestamp;
  } catch {
    sent_ms = before_ms;
    hindrance.value = 'storage';
  }
}

/** Begin, or go on; nothing happens twice. `since`: when the switch was set on, by the server's clock. */
export function startSharing(since: number): void {
  if (stop) return;
  begun_ms = Date.now();
  since_ms = since;
  void ownFences().open();
  let unwatch: (() => void) | null = null;
  const look = () => {
    const inSight = document.visibilityState === 'visible';
    if (inSight && !unwatch)
      unwatch = watch(
        (found) => void share(found),
        (trouble) => (hindrance.value = trouble),
      );
    if (!inSight && unwatch) {
      unwatch();
      unwatch = null;
    }
  };
  document.addEventListener('visibilitychange', look);
  look();
  stop = () => {
    document.removeEventListener('visibilitychange', look);
    unwatch?.();
    hindrance.value = null;
  };
}

/** End. `forget`: the person switched it off, so what was not sent yet is not wanted either. */
export async function stopSharing({ forget = false } = {}): Promise<void> {
  stop?.();
  stop = null;
  sent_ms = 0;
  if (forget) await discardPings();
}
