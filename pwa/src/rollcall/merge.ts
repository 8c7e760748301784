/**
 * What the marks of a roll call amount to: the same laws as `app/core/rollcall.py`. Pure.
 *
 * 1. Marks are only added, each with an id of its own. What two phones know together is the union of their marks, in whatever order, however often.
 * 2. A withdrawal takes one mark back, for good; it may come before the mark it takes back.
 * 3. Of the marks that stand, safe wins over everything. Otherwise the latest `said_at` counts; of the same moment, the greater id.
 * 4. Nobody was marked as nothing: without a standing mark somebody is `open`.
 */

export type Mark = 'safe' | 'missing' | 'not_here';
/** How an entry stands. */
export type Standing = Mark | 'open';

/** What was said of one entry. `said_at`: ISO 8601 in UTC. */
export interface Said {
  id: string;
  entry_id: string;
  mark: Mark | 'withdrawn';
  /** The mark that was a slip, for `withdrawn`. */
  withdraws: string | null;
  said_at: string;
}

/** What both know; of a mark that both have, the copy in `theirs`. */
export function union<S extends Said>(ours: Iterable<S>, theirs: Iterable<S>): Map<string, S> {
  const all = new Map<string, S>();
  for (const said of ours) all.set(said.id, said);
  for (const said of theirs) all.set(said.id, said);
  return all;
}

/** The marks that stand, by entry, the one that counts first. Entries without any are left out. */
export function standing<S extends Said>(marks: Iterable<S>): Map<string, S[]> {
  const all = [...marks];
  const taken = new Set(all.flatMap((said) => (said.mark === 'withdrawn' && said.withdraws ? [said.withdraws] : [])));
  const by = new Map<string, S[]>();
  for (const said of all) {
    if (said.mark === 'withdrawn' || taken.has(said.id)) continue;
    const known = by.get(said.entry_id);
    if (known) known.push(said);
    else by.set(said.entry_id, [said]);
  }
  for (const said of by.values()) said.sort(before);
  return by;
}

/** How an entry stands, from its standing marks in the order of `standing`. */
export const standingOf = (marks: readonly Said[] | undefined): Standing => (marks?.[0]?.mark as Mark | undefined) ?? 'open';

function before(a: Said, b: Said): number {
  const safe = Number(b.mark === 'safe') - Number(a.mark === 'safe');
  return safe || micros(b.said_at) - micros(a.said_at) || (a.id < b.id ? 1 : -1);
}

/** Microseconds since 1970: the server says six digits, and two marks of one millisecond are not of one moment. */
export function micros(at: string): number {
  const fraction = /\.(\d+)/.exec(at)?.[1] ?? '';
  return Date.parse(at.replace(/\.\d+/, '')) * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}
