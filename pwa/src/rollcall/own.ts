/** What this device said of a roll call and the server's last answer does not have, laid over that answer. Pure. */
import { union } from './merge';
import type { AtHand, Entry, Marked, Note, RollCall } from './types';

export interface Own {
  /** The roll call itself, when it was begun here and the server has not said yet what it made of it. */
  start: RollCall | null;
  entries: Entry[];
  marks: Marked[];
  notes: Note[];
  ended_at: string | null;
}

export const NOTHING: Own = { start: null, entries: [], marks: [], notes: [], ended_at: null };

interface Ided {
  id: string;
}

/** All of both; of what both have, theirs. The same list when there is nothing to add. */
function both<T extends Ided>(theirs: T[], ours: readonly T[]): T[] {
  const known = new Set(theirs.map(({ id }) => id));
  const more = ours.filter(({ id }) => !known.has(id));
  return more.length ? [...theirs, ...more] : theirs;
}

/**
 * The answer with what was said here: nobody whom either knows is left out. Null: neither knows this roll call.
 * It keeps the id by which it was asked for: the server may have made it part of another one.
 */
export function shown(id: string, theirs: RollCall | null, own: Own): RollCall | null {
  const base = theirs ?? own.start;
  if (!base) return null;
  return {
    ...base,
    id,
    ended_at: base.ended_at ?? own.ended_at,
    entries: both(both(base.entries, own.start?.entries ?? []), own.entries),
    marks: own.marks.length ? union(base.marks, own.marks) : base.marks,
    notes: both(base.notes, own.notes),
  };
}

/** An answer by the ids of people and visits, where an entry is about one: those the phone knows too. `before`: what `news` comes after. */
export function known(news: RollCall, before: RollCall | null = null): RollCall {
  const entries = news.entries.map((entry) => ({ ...entry, id: entry.person_id ?? entry.visit_id ?? entry.id, entry_id: entry.id }));
  const names = new Map([...(before?.entries ?? []), ...entries].map((entry) => [entry.entry_id, entry.id]));
  const marks = news.marks.map((said) => ({ ...said, entry_id: names.get(said.entry_id) ?? said.entry_id }));
  if (!before) return { ...news, entries, marks };
  return {
    ...news,
    sites: both(news.sites, before.sites),
    responders: both(news.responders, before.responders),
    entries: both(before.entries, entries),
    marks: both(before.marks, marks),
    notes: both(before.notes, news.notes),
  };
}

/** What is left once the server has answered: only what is not in its answer. */
export function left(own: Own, theirs: RollCall): Own {
  const missing = <T extends Ided>(ours: T[], there: readonly Ided[]) => {
    const known = new Set(there.map(({ id }) => id));
    const rest = ours.filter(({ id }) => !known.has(id));
    return rest.length === ours.length ? ours : rest;
  };
  return {
    start: null,
    // Whom the phone knew and the server no longer believes there: the phone says so, and they stay on the list.
    entries: missing([...(own.start?.entries ?? []), ...own.entries], theirs.entries),
    marks: missing(own.marks, theirs.marks),
    notes: missing(own.notes, theirs.notes),
    ended_at: theirs.ended_at ? null : own.ended_at,
  };
}

export const isNothing = (own: Own): boolean =>
  !own.start && !own.ended_at && own.entries.length + own.marks.length + own.notes.length === 0;

/** Whom a roll call of these sites is about: those there, and those of whom nobody knows where. */
export const whoIsAsked = (at: AtHand, site_ids: readonly string[]): Entry[] =>
  at.people.filter(({ site_id }) => site_id === null || site_ids.includes(site_id));
