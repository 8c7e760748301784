/** How many people a place or group means now: the server is asked for one after the other, and says a number, never who. */
import { signal } from '@preact/signals';
import { type AlertIn, previewAlert } from '../../api/alerts';
import type { Target } from '../../api/messaging-types';
import { SHORT_TEXTS } from './short-texts';

const AT_ONCE = 2;
/** A number this old is asked for again. */
const FRESH_MS = 30_000;
/** So many are counted by themselves; the others once they are chosen. */
const MOST = 20;

const known = signal<ReadonlyMap<string, { people: number; at_ms: number }>>(new Map());
let queue: { key: string; target: Target }[] = [];
let busy = 0;

const bodyFor = (target: Target): AlertIn => ({
  exercise: 'test',
  severity: 'minor',
  texts: SHORT_TEXTS[0]!.texts,
  target,
  asks_reply: true,
  late_entry: true,
});

/** The number, or null while it is not known. */
export const countOf = (target: Target): number | null => known.value.get(JSON.stringify(target))?.people ?? null;

/** Count these, unless that was done a moment ago. */
export function count(targets: readonly Target[]): void {
  const due = Date.now() - FRESH_MS;
  queue = targets
    .slice(0, MOST)
    .map((target) => ({ key: JSON.stringify(target), target }))
    .filter(({ key }) => (known.peek().get(key)?.at_ms ?? 0) < due);
  while (busy < AT_ONCE && queue.length > 0) void next();
}

async function next(): Promise<void> {
  const one = queue.shift();
  if (!one) return;
  busy += 1;
  try {
    const { people } = await previewAlert(bodyFor(one.target));
    known.value = new Map(known.peek()).set(one.key, { people, at_ms: Date.now() });
  } catch {
    // The number stays away; choosing the place asks again and says why.
  }
  busy -= 1;
  void next();
}
