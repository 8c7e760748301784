import type { Said, Standing } from './merge';

/** Why somebody is on the list. `visit`: a visitor who arrived and did not leave. */
export type Basis = 'inside' | 'unknown' | 'clocked_in' | 'visit' | 'left_assumed' | 'added';

/**
 * Somebody to be accounted for: a person, a visit, or neither (added by name). `id`: the person's or the visit's, so that a phone without a network
 * and the server mean the same; of somebody added, the phone's own. `entry_id`: the server's, once it has one.
 */
export interface Entry {
  id: string;
  entry_id?: string;
  person_id: string | null;
  visit_id: string | null;
  name: string;
  basis: Basis;
  site_id: string | null;
}

/** What somebody said of an entry: a responder, they themselves at the assembly point, a reply to the alert, their host. */
export interface Marked extends Said {
  marked_by: 'responder' | 'self' | 'reply' | 'host';
  responder_id: string | null;
  note: string | null;
}

export interface Note {
  id: string;
  text: string;
  responder_id: string | null;
  said_at: string;
}

/** One of the list of roll calls. */
export interface Line {
  id: string;
  exercise: 'actual' | 'exercise';
  site_ids: string[];
  message_id: string | null;
  started_at: string;
  ended_at: string | null;
  revision: number;
  tally: Partial<Record<Standing, number>>;
}

export interface Named {
  id: string;
  name: string;
}

/** One roll call, as far as it is known. */
export interface RollCall extends Line {
  sites: Named[];
  /** Whoever began it, marked or took notes. */
  responders: Named[];
  entries: Entry[];
  marks: Marked[];
  notes: Note[];
}

/** Everybody believed on site at a moment, and the roll calls that go on. */
export interface AtHand {
  taken_at: string;
  sites: Named[];
  people: Entry[];
  open_roll_calls: string[];
}
