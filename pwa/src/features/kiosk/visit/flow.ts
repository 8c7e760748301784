/**
 * One visitor before the kiosk:
 *
 * 1. `arrive`: they scan a code, type six digits, or have no invitation. A code is looked up; somebody who is here already is asked if they leave.
 * 2. `name`: whoever walks in tells their name, for what they come and for whom: a full name, because nobody here can be browsed.
 *    Without a network nothing can be looked up, so whoever has a code comes by here too.
 * 3. `details`: what the organization asks beyond the name, each with its purpose and its days. `agree`: one text after the other.
 * 4. The arrival goes through the outbox. `arrived` says what became of it: welcome, please wait, or kept.
 * 5. `leave` and `bye`: the way out, by code or by full name.
 *
 * Whoever is wiped (`flow.ts`) is forgotten here as well; and what was delivered leaves nothing on the tablet (`sweep`).
 */
import { signal } from '@preact/signals';
import { isFailure } from '../../../api/failure';
import { language } from '../../../i18n';
import { serverTime_ms } from '../../../offline/clock';
import type { Problem } from '../../../offline/machine';
import { discard, entries, type Entry, StorageFull, verdict, whenAccepted, write } from '../../../offline/outbox';
import { ask, reached } from '../ask';
import { tokenOfKiosk } from '../device';
import { busy, patience_ms, step, type Trouble, trouble, whenWiped } from '../flow';
import { form, refreshForm } from './form';
import { arrivalOf, asksOf, type Draft, leaverIn, nextAgreement, nobodyYet, type Outcome, outcomeOf, walkInTypes } from './reception';
import type { Arrived, Departure, Found, Known, Standing } from '../../../api/kiosk-visits-types';

const KINDS = ['kiosk_arrival', 'kiosk_departure'] as const;
const LOOK_MS = 4_000;

/** Kept until there is a network: nobody was told yet, nothing was looked up. */
export type Told = (Outcome | { is: 'kept'; name: string; type_id: string }) & { at_ms: number };

export const draft = signal<Draft>(nobodyYet);
export const told = signal<Told | null>(null);
/** When they left, and whether that is delivered. */
export const gone = signal<{ at_ms: number; arrived: boolean } | null>(null);
/** Whoever scans now is leaving. */
export const leaving = signal(false);

let sending = 0;
/** Changes whenever somebody else stands here. */
let visitor = 0;
/** The name of a host whom nobody is called; the visitor was told. */
let doubted = '';

whenWiped(() => {
  visitor += 1;
  draft.value = nobodyYet;
  told.value = gone.value = null;
  leaving.value = false;
  doubted = '';
});

export function change(part: Partial<Draft>): void {
  draft.value = { ...draft.peek(), ...part };
  trouble.value = null;
}

/** Step 1 with a code, of an invitation or a badge. Somebody may be on their way out. */
export function showVisit(known: Known): Promise<void> {
  if (leaving.peek()) return leave(known);
  return alone(async (mine) => {
    try {
      const found = await ask<Found>(await tokenOfKiosk(), '/api/v1/kiosk/visits/find', known);
      if (mine !== visitor) return;
      change({ known, found, name: found.name });
      step.value = found.state === 'on_site' ? 'here' : 'details';
    } catch (error) {
      if (isFailure(error) && error.kind !== 'refused') unheard(mine, known);
      else throw error;
    }
  });
}

/** There is no network: the name, too, must be told. */
function unheard(mine: number, known: Known): void {
  if (mine === visitor) walkIn(known);
}

/** Step 2. */
export function walkIn(known: Known | null = null): void {
  change({ known, found: null, type_id: draft.peek().type_id || (walkInTypes(form.peek())[0]?.id ?? '') });
  step.value = 'name';
}

/** Step 2 is told. A host whom nobody is called is asked for once more; after that the reception knows what to do. */
export async function named(): Promise<void> {
  const mine = visitor;
  const host = draft.peek().host_name.trim();
  const isDoubtful = host !== '' && host !== doubted && reached.peek();
  if (isDoubtful) await alone(() => isHost(host).then((is) => void (doubted = is ? '' : host)));
  if (mine !== visitor) return;
  if (isDoubtful && doubted === host) trouble.value = { is: 'noHost' };
  else await onwards();
}

/** Whether somebody here has exactly this name. Where that cannot be asked now, it is judged with the arrival. */
async function isHost(name: string): Promise<boolean> {
  return ask<{ known: boolean }>(await tokenOfKiosk(), '/api/v1/kiosk/visits/host', { name }).then(
    ({ known }) => known,
    () => true,
  );
}

/** Go where something is still to be told; when nothing is, arrive. */
export function onwards(): Promise<void> {
  const asks = asksOf(draft.peek(), form.peek());
  if (step.peek() === 'name' && asks.length > 0) step.value = 'details';
  else if (nextAgreement(draft.peek(), form.peek())) step.value = 'agree';
  else return arrive();
  return Promise.resolve();
}

/** Step 4. */
function arrive(): Promise<void> {
  const { name, type_id } = draft.peek();
  return alone(async (mine) => {
    const entry = await sent(() => write('kiosk_arrival', arrivalOf(draft.peek(), language.peek())));
    if (mine !== visitor) return;
    if (entry?.problem && isOutdated(entry.problem)) return askAnew();
    if (failed(entry)) return;
    const at_ms = entry?.made_ms ?? serverTime_ms();
    const answer = entry?.state === 'accepted' ? (entry.answer as Arrived | null) : null;
    told.value = answer ? { ...outcomeOf(answer), at_ms } : { is: 'kept', name: name.trim(), type_id, at_ms };
    draft.value = nobodyYet;
    step.value = 'arrived';
    if (told.value.is === 'wait' && answer) void watch(mine, answer);
  });
}

/** A text or a question is newer than what this tablet knew: show it and ask again. What was told stays. */
const isOutdated = ({ errors }: Problem) => errors?.some(({ field }) => /agreed|fields/.test(field)) ?? false;

async function askAnew(): Promise<void> {
  await refreshForm();
  const { known, found } = draft.peek();
  change({ agreed: [] });
  const anew = found && known ? await ask<Found>(await tokenOfKiosk(), '/api/v1/kiosk/visits/find', known) : null;
  if (anew) change({ found: anew });
  trouble.value = { is: 'newer' };
  step.value = 'details';
}

/** While somebody waits: look whether they may come in. Whoever may not, waits on. */
async function watch(mine: number, answer: Arrived): Promise<void> {
  while (mine === visitor && told.peek()?.is === 'wait') {
    await new Promise((next) => setTimeout(next, LOOK_MS));
    const found = await standing(answer.visit_id);
    if (mine !== visitor || found?.state !== 'on_site') continue;
    told.value = {
      ...outcomeOf({ ...answer, state: 'on_site', host: found.host, badge_number: found.badge_number }),
      at_ms: serverTime_ms(),
    };
  }
}

/** How a visit stands now; null: it cannot be asked. */
export async function standing(visit_id: string): Promise<Standing | null> {
  return ask<Standing>(await tokenOfKiosk(), `/api/v1/kiosk/visits/${visit_id}`).catch(() => null);
}

/** Step 5, with what was typed. */
export const leaveAs = (text: string): Promise<void> => leave(leaverIn(text));

export function leave(who: Departure): Promise<void> {
  return alone(async (mine) => {
    const entry = await sent(() => write('kiosk_departure', who));
    if (mine !== visitor) return;
    if (failed(entry, 'name' in who)) {
      if (step.peek() === 'scan') step.value = 'leave';
      return;
    }
    gone.value = { at_ms: entry?.made_ms ?? serverTime_ms(), arrived: entry?.state === 'accepted' };
    step.value = 'bye';
  });
}

/** Through the outbox, and what the server says within a moment. What it refused, or took, does not stay here. */
async function sent(store: () => Promise<{ key: string }>): Promise<Entry | null> {
  sending += 1;
  try {
    const { key } = await store();
    const entry = await verdict(key, patience_ms());
    if (entry && ['accepted', 'refused', 'conflict'].includes(entry.state)) await discard(key);
    return entry;
  } finally {
    sending -= 1;
  }
}

function failed(entry: Entry | null, isByName = false): boolean {
  if (entry?.state !== 'refused' && entry?.state !== 'conflict') return false;
  trouble.value = { is: troubleOf(entry.problem, isByName) };
  return true;
}

function troubleOf(problem: Problem | null, isByName = false): Trouble {
  switch (problem?.type.split('/').at(-1)) {
    case 'not-found':
      return leaving.peek() ? 'notHere' : 'noVisit';
    case 'conflict': // several have this name; or whoever has this code did not arrive
      return !leaving.peek() ? 'visitRefused' : isByName ? 'severalHere' : 'notHere';
    case 'visit-over':
      return 'visitOver';
    case 'visit-not-now':
      return 'visitNotNow';
    default:
      return 'visitRefused';
  }
}

/** Work for one visitor, shown as busy; what comes after they were wiped is dropped. */
async function alone(work: (mine: number) => Promise<void>): Promise<void> {
  if (busy.peek()) return;
  const mine = visitor;
  busy.value = true;
  trouble.value = null;
  try {
    await work(mine);
  } catch (error) {
    if (mine === visitor) tell(error);
  } finally {
    if (mine === visitor) busy.value = false;
  }
}

function tell(error: unknown): void {
  if (step.peek() === 'scan') step.value = leaving.peek() ? 'leave' : 'arrive';
  if (error instanceof StorageFull) trouble.value = { is: 'visitFull' };
  else if (!isFailure(error)) throw error;
  else if (error.status === 429) trouble.value = { is: 'wait', wait_s: error.retryAfter_s ?? 0 };
  else trouble.value = { is: troubleOf(error.problem as Problem | null) };
}

/** Whoever arrived or left without a network, and is delivered now: nothing of them stays on this tablet. */
async function sweep(): Promise<void> {
  if (sending > 0) return;
  const delivered = entries.peek().filter((entry) => entry.state === 'accepted' && KINDS.some((kind) => kind === entry.kind));
  for (const entry of delivered) await discard(entry.key);
}

export function startSweeping(): void {
  whenAccepted(KINDS, () => void sweep());
  void sweep();
}
