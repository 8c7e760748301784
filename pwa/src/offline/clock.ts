/**
 * What the time is, on a phone whose clock may be wrong.
 *
 * 1. Every answer of the server carries its time (`Date`): the offset is server minus phone. It is kept, also over a restart.
 * 2. `performance.now()` cannot be set. When the phone's clock falls behind it, the clock was set back: the offset follows at once.
 *    When the clock runs ahead of it, the phone slept or was set forward: the offset stays, but is no longer `sure` until the next answer.
 * 3. A write notes both: the phone's time and the offset then known. Its time by the server's clock is settled when it is first sent.
 */

/** How many ms the server is ahead of this device's clock (null: never heard), and whether nothing spoke against it since. */
export interface Clock {
  offset_ms: number | null;
  sure: boolean;
  /** The device's clock and `performance.now()` at the last look. */
  wall_ms: number;
  tick_ms: number;
}

/** When something was made: by the device's clock, and what was known about that clock. */
export interface Made {
  wall_ms: number;
  offset_ms: number | null;
  sure: boolean;
}

const STEP_MS = 2_000;
const SLOWEST_ANSWER_MS = 10_000;
const DOUBT_MS = 60_000;

/** Look at both clocks and notice if one was set. */
export function looked(clock: Clock, wall_ms: number, tick_ms: number): Clock {
  const ahead_ms = wall_ms - clock.wall_ms - (tick_ms - clock.tick_ms);
  const offset_ms = clock.offset_ms !== null && ahead_ms < -STEP_MS ? clock.offset_ms - ahead_ms : clock.offset_ms;
  return { offset_ms, sure: clock.sure && ahead_ms <= STEP_MS, wall_ms, tick_ms };
}

/** The server said `date_ms` (whole seconds) in an answer to a question asked at `asked_ms`, received at `clock.wall_ms`. */
export function told(clock: Clock, date_ms: number, asked_ms: number): Clock {
  const took_ms = clock.wall_ms - asked_ms;
  if (Number.isNaN(date_ms) || took_ms < 0 || took_ms > SLOWEST_ANSWER_MS) return clock;
  const offset_ms = Math.round(date_ms + 500 - (asked_ms + took_ms / 2));
  const same = clock.offset_ms !== null && Math.abs(offset_ms - clock.offset_ms) <= STEP_MS;
  return { ...clock, offset_ms: same ? clock.offset_ms : offset_ms, sure: true };
}

/** The server's time of what was made then, judged with what is known now. In doubt the offset of then counts, unless that lies in the future. */
export function settledTime(made: Made, now: Clock): { at_ms: number; doubtful: boolean } {
  const then_ms = made.offset_ms ?? now.offset_ms ?? 0;
  const now_ms = now.offset_ms ?? then_ms;
  const differs = Math.abs(then_ms - now_ms) > DOUBT_MS;
  if (made.sure || !differs) return { at_ms: made.wall_ms + then_ms, doubtful: false };
  const impossible = made.wall_ms + then_ms > now.wall_ms + now_ms + DOUBT_MS;
  return { at_ms: made.wall_ms + (impossible ? now_ms : then_ms), doubtful: true };
}

let here: Clock = { offset_ms: null, sure: false, wall_ms: Date.now(), tick_ms: performance.now() };
let changed: (offset_ms: number) => void = () => undefined;

/** Begin with the offset kept from before, and keep new ones with `keep`. */
export function startClock(kept_ms: number | null, keep: (offset_ms: number) => void): void {
  if (here.offset_ms === null && kept_ms !== null) here = { ...here, offset_ms: kept_ms };
  else if (here.offset_ms !== null && here.offset_ms !== kept_ms) keep(here.offset_ms);
  changed = keep;
}

/** The clock as it stands. */
export function clock(): Clock {
  here = looked(here, Date.now(), performance.now());
  return here;
}

/** Learn from an answer of our server, asked for at `asked_ms` (`Date.now()`). */
export function heard(response: Response, asked_ms: number): void {
  const before = clock();
  here = told(before, Date.parse(response.headers.get('Date') ?? ''), asked_ms);
  if (here.offset_ms !== null && here.offset_ms !== before.offset_ms) changed(here.offset_ms);
}

/** The server's time now, or of a moment by the device's clock (such as `position.timestamp`), as well as it is known. */
export function serverTime_ms(wall_ms: number = Date.now()): number {
  return wall_ms + (clock().offset_ms ?? 0);
}

/** The note for something made now, or at `wall_ms` by the device's clock. */
export function madeNow(wall_ms: number = Date.now()): Made {
  const { offset_ms, sure } = clock();
  return { wall_ms, offset_ms, sure };
}
