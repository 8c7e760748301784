/**
 * Roll calls as this device knows them:
 * 1. `atHand`: everybody believed on site, sealed on the device, asked for again each minute by `keep.ts`. Unchanged, it costs no data.
 * 2. `callOf(id)`: the last answer about one roll call; later ones bring only what is new since its revision.
 * 3. `ownOf(id)`: what was said here and is not in that answer. It is kept, sealed, before it goes into the outbox; the answer that has it
 *    takes it away. What a screen shows is both (`own.ts`), judged by the laws of `merge.ts`.
 * 4. Begun without a network, a roll call has the people of 1. When the server has taken it, whom it does not believe there any more is sent after
 *    it: nobody silently drops off.
 */
import { type Signal, signal } from '@preact/signals';
import { me } from '../app/session';
import { serverTime_ms } from '../offline/clock';
import { write } from '../offline/outbox';
import { presentOwner } from '../offline/owner';
import { uuid } from '../offline/seal';
import { keep, kept, snapshot, type Snapshot } from '../offline/snapshot';
import { readAtHand, readCall, readChanges, readLines } from './api';
import type { Mark } from './merge';
import { isNothing, known, left, NOTHING, type Own, whoIsAsked } from './own';
import type { AtHand, Entry, Marked, Named, RollCall } from './types';

export const atHand: Snapshot<AtHand> = snapshot('roll-call', async () => {
  const before = atHand.value.peek();
  const news = await readAtHand(before && atHand.etag.peek());
  return news ?? { value: before as AtHand, etag: atHand.etag.peek() ?? '' };
});

export const lines = snapshot('roll-calls', async () => ({ value: await readLines() }));

const settling = new Set<string>();

export function callOf(id: string): Snapshot<RollCall> {
  const found: Snapshot<RollCall> = snapshot<RollCall>(`roll-calls/${id}`, async () => {
    const before = found.value.peek();
    return { value: before ? known(await readChanges(id, before.revision), before) : known(await readCall(id)) };
  });
  if (!settling.has(id)) {
    settling.add(id);
    // Only once the answer is shown: what was said here is never out of sight.
    found.value.subscribe((value) => void (value && change(id, (own) => settled(id, own, value)).catch(() => undefined)));
  }
  return found;
}

/** Whom the phone knew and the server does not: said once the server has the roll call. */
async function settled(id: string, own: Own, theirs: RollCall): Promise<Own> {
  const rest = left(own, theirs);
  const told = new Set(own.entries.map((entry) => entry.id));
  for (const entry of rest.entries) if (!told.has(entry.id)) await tellOf(id, entry);
  return rest;
}

const owns = new Map<string, { own: Signal<Own>; ready: Promise<void> }>();

function opened(id: string): { own: Signal<Own>; ready: Promise<void> } {
  const name = `${presentOwner()} ${id}`;
  const found = owns.get(name);
  if (found) return found;
  const own = signal(NOTHING);
  const take = (read: Own | null) => {
    if (read) own.value = read;
  };
  const fresh = { own, ready: kept<Own>(`roll-call/${id}`).then(take, () => undefined) };
  owns.set(name, fresh);
  return fresh;
}

/** What was said here of one roll call, by whoever is signed in now. */
export const ownOf = (id: string): Signal<Own> => opened(id).own;

let turn: Promise<unknown> = Promise.resolve();

/** Change it, one at a time, and keep it. Throws `StorageFull`: then nothing was changed. */
function change(id: string, by: (own: Own) => Own | Promise<Own>): Promise<void> {
  const { own, ready } = opened(id);
  const mine = turn.then(async () => {
    await ready;
    const before = own.peek();
    const after = await by(before);
    if (after === before || (isNothing(after) && isNothing(before))) return;
    own.value = after;
    try {
      await keep(`roll-call/${id}`, isNothing(after) ? null : after);
    } catch (error) {
      own.value = before;
      throw error;
    }
  });
  turn = mine.catch(() => undefined);
  return mine;
}

const now = () => new Date(serverTime_ms()).toISOString();

/** Put somebody on the server's list. Of somebody the phone knows, the id is that of the person or visit; the addition has one of its own. */
function tellOf(id: string, { id: own_id, name, site_id, person_id, visit_id }: Entry): Promise<{ key: string }> {
  const who = { ...(person_id !== null && { person_id }), ...(visit_id !== null && { visit_id }) };
  const key = person_id === null && visit_id === null ? own_id : uuid();
  return write('roll_call_add', { name, site_id, ...who }, { subject: id, key });
}

function ourselves(): Named[] {
  const { person_id, name } = me.peek() ?? {};
  return person_id ? [{ id: person_id, name: name ?? '' }] : [];
}

export interface Begun {
  site_ids: string[];
  exercise: RollCall['exercise'];
  message_id: string | null;
}

/** Begin one, with a network or without; its id. Throws `StorageFull`. */
export async function begin({ site_ids, exercise, message_id }: Begun): Promise<string> {
  const id = uuid();
  const at = atHand.value.peek();
  const entries = at ? whoIsAsked(at, site_ids) : [];
  const start: RollCall = {
    ...{ id, exercise, site_ids, message_id, started_at: now(), ended_at: null, revision: 0, tally: {} },
    ...{ sites: at?.sites ?? [], responders: ourselves() },
    ...{ entries, marks: [], notes: [] },
  };
  await change(id, (own) => ({ ...own, start }));
  await write('roll_call_start', { site_ids, exercise, ...(message_id !== null && { message_id }) }, { subject: id, key: id });
  await index(id);
  return id;
}

/** Roll calls begun here that the server has not taken yet. */
export const begunHere = signal<readonly string[]>([]);
const BEGUN = 'roll-calls begun';

async function index(id: string): Promise<void> {
  begunHere.value = [...begunHere.peek(), id];
  await keep(BEGUN, begunHere.peek());
}

/** Read which were begun here, and forget those that the server has. */
export async function openBegun(): Promise<void> {
  const ids = (await kept<string[]>(BEGUN)) ?? [];
  await Promise.all(ids.map((id) => opened(id).ready));
  begunHere.value = ids.filter((id) => ownOf(id).peek().start !== null);
  if (begunHere.peek().length < ids.length) await keep(BEGUN, begunHere.peek().length ? begunHere.peek() : null);
}

/** Say something of somebody. Shown at once, kept, and sent when there is a network. Throws `StorageFull`. */
export async function mark(id: string, entry: Entry, as: Mark, note: string | null = null): Promise<Marked> {
  const said = saying(entry.id, as, null, note);
  await say(id, entry, [said]);
  return said;
}

/** Take these marks back. */
export const withdraw = (id: string, entry: Entry, slips: readonly Marked[]): Promise<void> =>
  say(
    id,
    entry,
    slips.map((slip) => saying(entry.id, 'withdrawn', slip.id, null)),
  );

const saying = (entry_id: string, as: Marked['mark'], withdraws: string | null, note: string | null): Marked => ({
  ...{
    id: uuid(),
    entry_id,
    mark: as,
    withdraws,
    said_at: now(),
    marked_by: 'responder',
    responder_id: me.peek()?.person_id ?? null,
    note,
  },
});

async function say(id: string, entry: Entry, said: Marked[]): Promise<void> {
  let isUntold = false;
  await change(id, (own) => {
    isUntold = own.start !== null && !own.entries.some((one) => one.id === entry.id);
    return { ...own, entries: isUntold ? [...own.entries, entry] : own.entries, marks: [...own.marks, ...said] };
  });
  if (isUntold) await tellOf(id, entry);
  for (const { id: key, entry_id, mark: as, withdraws, note } of said) {
    const body = { entry_id, mark: as, ...(withdraws !== null && { withdraws }), ...(note !== null && { note }) };
    await write('roll_call_mark', body, { subject: id, key });
  }
}

/** Somebody who was on nobody's list. */
export async function addSomebody(id: string, name: string, site_id: string | null): Promise<Entry> {
  const entry: Entry = { id: uuid(), person_id: null, visit_id: null, name, basis: 'added', site_id };
  await change(id, (own) => ({ ...own, entries: [...own.entries, entry] }));
  await tellOf(id, entry);
  return entry;
}

export async function takeDown(id: string, text: string): Promise<void> {
  const note = { id: uuid(), text, responder_id: me.peek()?.person_id ?? null, said_at: now() };
  await change(id, (own) => ({ ...own, notes: [...own.notes, note] }));
  await write('roll_call_note', { text }, { subject: id, key: note.id });
}

export async function end(id: string): Promise<void> {
  await change(id, (own) => ({ ...own, ended_at: now() }));
  await write('roll_call_end', {}, { subject: id });
}
