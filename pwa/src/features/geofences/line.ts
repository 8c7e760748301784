import { area_m2 } from '../../map/measure';
import type { Shape } from '../../map/shape';
import { formatArea } from '../../map/units';
import { assignedWords } from './assigned';
import type { FenceLine } from './store';
import { t } from './words';

/** A geofence in one line: for whom, how large. */
export function lineWords(fence: FenceLine & { shape?: Shape }): string {
  const parts = [
    t().number(fence.number),
    assignedWords(fence.assigned),
    fence.shape && formatArea(area_m2(fence.shape)),
    !fence.counts_as_work && t().notWork,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** Whether a fence is meant by what was typed. */
export function isMeant({ name, number }: { name: string; number: number }, typed: string): boolean {
  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain(name).includes(plain(typed)) || String(number) === typed;
}
