/**
 * From a signed margin in metres to inside, outside or unclear: the Judge step, as `app/core/judge.py` has it.
 * An accuracy is the radius that holds 68 % of the fixes, so the chance of being inside is Phi(1.515 margin / accuracy). At least 0.75 is inside,
 * at most 0.25 is outside (if also beyond the fence's own margin). Metres are compared instead of chances: the same, and it tells how far to look.
 */

export type Verdict = 'inside' | 'unclear' | 'outside';

/** Bounds of the classes in which accuracies are told; beyond the last comes `WORSE`. */
const ACCURACY_CLASSES_M = [5, 10, 25, 50, 100, 200, 500];
const WORSE = 32_000;
const UNKNOWN_ACCURACY_M = 50;
const BEST_ACCURACY_M = 5;
/** The 75 % quantile of the normal distribution, in accuracies instead of sigmas. */
const CLEARANCE_PER_ACCURACY = 0.674_489_750_196_081_7 / 1.515;

/** The accuracy to judge by: absent, zero and negative mean unknown, which counts as 50 m. */
export function knownM(accuracyM: number | null): number {
  return accuracyM !== null && accuracyM > 0 ? accuracyM : UNKNOWN_ACCURACY_M;
}

/** The smallest class bound that holds a known accuracy. */
export function accuracyClassM(accuracyM: number): number {
  return ACCURACY_CLASSES_M.find((bound) => accuracyM <= bound) ?? WORSE;
}

/** How far inside a fence a fix must lie to be judged inside, in metres. */
export function clearanceM(accuracyM: number): number {
  return Math.max(accuracyM, BEST_ACCURACY_M) * CLEARANCE_PER_ACCURACY;
}

/** How far outside a fence a fix must lie to be judged outside, in metres. Nothing farther away matters. */
export function reachM(accuracyM: number, leaveMarginM: number): number {
  return Math.max(clearanceM(accuracyM), leaveMarginM);
}

/** What a fix, accurate enough for the fence, says about it: `marginM` are metres to the border, positive inside. */
export function judge(marginM: number, accuracyM: number, leaveMarginM: number): Verdict {
  if (marginM >= clearanceM(accuracyM)) return 'inside';
  return marginM <= -reachM(accuracyM, leaveMarginM) ? 'outside' : 'unclear';
}
