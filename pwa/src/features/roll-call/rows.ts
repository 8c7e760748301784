/** A roll call as a list of people: who belongs where, and how they stand. Pure. */
import { byName } from '../../i18n';
import { type Standing, STANDINGS, standing, standingOf } from '../../rollcall/merge';
import type { Basis, Entry, Marked, RollCall } from '../../rollcall/types';

export const PARTS = ['on_site', 'unknown', 'left', 'added'] as const;
export type Part = (typeof PARTS)[number];

const PART_OF: Record<Basis, Part> = {
  inside: 'on_site',
  clocked_in: 'on_site',
  visit: 'on_site',
  unknown: 'unknown',
  left_assumed: 'left',
  added: 'added',
};
export const partOf = (basis: Basis): Part => PART_OF[basis];

export interface Row {
  entry: Entry;
  stands: Standing;
  /** The marks that stand, the one that counts first. */
  said: readonly Marked[];
}

/** In the order of the alphabet, which takes a while for thousands: do it once for each list of entries. */
export const inOrder = (entries: readonly Entry[]): Entry[] => entries.toSorted(byName((entry) => entry.name));

export function rowsOf(ordered: readonly Entry[], marks: RollCall['marks']): Row[] {
  const stands = standing(marks);
  return ordered.map((entry) => {
    const said = stands.get(entry.id) ?? [];
    return { entry, stands: standingOf(said), said };
  });
}

export function tallied(rows: readonly Row[]): Record<Standing, number> {
  const counts = Object.fromEntries(STANDINGS.map((one) => [one, 0])) as Record<Standing, number>;
  for (const { stands } of rows) counts[stands] += 1;
  return counts;
}

const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();

/** Those whose name has all words of `text`, and who stand so. */
export function found(rows: readonly Row[], text: string, stands: Standing | ''): Row[] {
  const words = plain(text).split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (stands && row.stands !== stands) return false;
    const name = words.length ? plain(row.entry.name) : '';
    return words.every((word) => name.includes(word));
  });
}

/** By part, empty ones left out. */
export function parted(rows: readonly Row[]): [Part, Row[]][] {
  const by = new Map<Part, Row[]>(PARTS.map((part) => [part, []]));
  for (const row of rows) by.get(partOf(row.entry.basis))?.push(row);
  return [...by].filter(([, some]) => some.length > 0);
}
