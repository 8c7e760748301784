/**
 * What the marks of a roll call amount to: the same laws as `app/core/rollcall.py`, held to the same cases. Pure.
 *
 * 1. Marks are only added, each with an id of its own. What two phones know together is the union of their marks, in whatever order, however often.
 * 2. A withdrawal takes one mark of the same entry back, for good; it may come before the mark it takes back.
 * 3. Of the marks that stand, safe wins over everything. Otherwise the latest `said_at` counts; of the same moment, the greater id.
 * 4. Without a standing mark somebody is `open`: silence is neither safe nor missing.
 */

export type Mark = 'safe' | 'missing' | 'need_help' | 'not_here';
/** How an entry stands. */
export type Standing = Mark | 'open';
/** As a list is read: who needs something first. */
export const STANDINGS = ['missing', 'need_help', 'open', 'not_here', 'safe'] as const satisfies readonly Standing[];

/** What was said of one entry. `said_at`: ISO 8601. */
export interface Said {
  id: string;
  entry_id: string;
  mark: Mark | 'withdrawn';
  /** The mark that was a slip, for `withdrawn`. */
  withdraws: string | null;
  said_at: string;
}

/** What all know together. Should two marks bear one id (a broken phone), all keep the same one of them: that said first. */
export function union<S extends Said>(...known: readonly Iterable<S>[]): S[] {
  const all = new Map<string, S>();
  for (const marks of known) {
    for (const said of marks) {
      const other = all.get(said.id);
      if (!other || ofOneId(said, other) < 0) all.set(said.id, said);
    }
  }
  return [...all.values()];
}

/** The marks that stand, by entry, the one that counts first. Entries without any are left out. */
export function standing<S extends Said>(marks: readonly S[]): Map<string, S[]> {
  const taken = new Set(marks.flatMap((said) => (said.mark === 'withdrawn' ? [`${said.entry_id} ${said.withdraws}`] : [])));
  const by = new Map<string, S[]>();
  for (const said of marks) {
    if (said.mark === 'withdrawn' || taken.has(`${said.entry_id} ${said.id}`)) continue;
    const known = by.get(said.entry_id);
    if (known) known.push(said);
    else by.set(said.entry_id, [said]);
  }
  for (const said of by.values()) if (said.length > 1) said.sort(firstCounts);
  return by;
}

/** How an entry stands, from its standing marks in the order of `standing`. */
export const standingOf = (marks: readonly Said[] | undefined): Standing => (marks?.[0]?.mark as Mark | undefined) ?? 'open';

function firstCounts(a: Said, b: Said): number {
  const safe = Number(b.mark === 'safe') - Number(a.mark === 'safe');
  return safe || micros(b.said_at) - micros(a.said_at) || compared(b.id, a.id);
}

function ofOneId(a: Said, b: Said): number {
  const last = micros(a.said_at) - micros(b.said_at) || compared(a.entry_id, b.entry_id) || compared(a.mark, b.mark);
  return last || compared(String(a.withdraws), String(b.withdraws));
}

const compared = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** Microseconds since 1970: the server says six digits, and two marks of one millisecond are not of one moment. */
export function micros(at: string): number {
  const fraction = /\.(\d+)/.exec(at)?.[1] ?? '';
  return Date.parse(at.replace(/\.\d+/, '')) * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}
