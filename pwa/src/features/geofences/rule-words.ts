import { formatNumber } from '../../i18n';
import { formatMetres } from '../../map/units';
import type { Numbers } from './store';
import { t } from './words';

const UNITS = [
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `2 minutes`, `12 hours`, `90 seconds`: in the largest unit that leaves no rest. */
export function formatDuration(seconds: number): string {
  const [unit, size] = UNITS.find(([, length]) => seconds >= length && seconds % length === 0) ?? UNITS[2];
  return formatNumber(seconds / size, { style: 'unit', unit, unitDisplay: 'long' });
}

/** The rules that hold, as sentences. `effective` has every number. */
export function ruleSentences(effective: Numbers): string[] {
  const words = t().rules;
  const of = (name: string) => effective[name] ?? 0;
  return [
    of('enter_after_s') ? words.enter(formatDuration(of('enter_after_s'))) : words.enterAtOnce,
    words.leave(of('leave_after_pings'), formatDuration(of('leave_after_s')), formatMetres(of('leave_margin_m'))),
    words.accuracy(formatMetres(of('max_accuracy_m'))),
    words.unknown(formatDuration(of('unknown_after_s'))),
    words.assume(formatDuration(of('assume_left_after_s'))),
  ];
}

/** One number of a policy with its unit. */
export function ruleValue(name: string, value: number): string {
  if (name.endsWith('_s')) return formatDuration(value);
  return name.endsWith('_m') ? formatMetres(value) : formatNumber(value);
}
