/**
 * One person before the kiosk, from the first touch to the last:
 *
 * 1. `idle`: a name is typed or a code is scanned (`scan`).
 * 2. `number`: several people have this name. `pin`: the organization asks one.
 * 3. `choose`: in or out. What the server suggests comes first; without a network nothing is suggested, for nobody is known here.
 * 4. The punch goes through the outbox, so it is kept before anything is said. `done` says what became of it.
 * 5. `wipe`: everything of the person is forgotten, at once when they are done and after 45 s in which nobody touched the screen.
 *
 * The keeper's way (`keeper`) leads to `keeping`; visitors have their own (`visit/flow.ts`). Nothing here is ever stored but by the outbox, sealed.
 */
import { computed, signal } from '@preact/signals';
import { isFailure } from '../../api/failure';
import type { components } from '../../api/schema';
import { firstSpoken, language, setLanguage } from '../../i18n';
import { serverTime_ms } from '../../offline/clock';
import { type Problem } from '../../offline/machine';
import { discard, StorageFull, verdict, write } from '../../offline/outbox';
import { ask, reached } from './ask';
import { kiosk, refreshKiosk, tokenOfKiosk } from './device';

export type Kind = 'in' | 'out';
export type Step = 'idle' | 'scan' | 'number' | 'pin' | 'choose' | 'done' | 'keeper' | 'keeping' | VisitStep;
/** A visitor's way (`visit/flow.ts`). */
export type VisitStep = 'arrive' | 'name' | 'details' | 'agree' | 'arrived' | 'here' | 'leave' | 'bye';
/** What went wrong, as a key of the words. */
export type Trouble = 'nobody' | 'wrongPin' | 'wait' | 'notACode' | 'full' | 'refused' | VisitTrouble;
export type VisitTrouble =
  'noVisit' | 'visitOver' | 'visitNotNow' | 'notHere' | 'severalHere' | 'visitRefused' | 'visitFull' | 'noHost' | 'newer';

interface Shown {
  name?: string;
  employee_number?: string;
  code?: string;
  pin?: string;
}
type Person = components['schemas']['KioskPersonOut'];
export interface Done {
  kind: Kind;
  at_ms: number;
  /** Delivered, or kept here until there is a network. */
  arrived: boolean;
  already: boolean;
  name: string | null;
}

const WARN_MS = 25_000;
const WIPE_MS = 45_000;
const DONE_MS = 8_000;
const PATIENCE_MS = 6_000;
/** Without a network nobody waits for an answer: what is kept is kept. */
const OFFLINE_PATIENCE_MS = 300;
const CODE = /^muster:me:[\w-]{22}\.[\w-]{22}$/;

export const step = signal<Step>('idle');
export const typed = signal('');
export const busy = signal(false);
export const trouble = signal<{ is: Trouble; wait_s?: number } | null>(null);
/** Who it is, once the server said so; null: not asked yet, or not to be asked. */
export const person = signal<Person | null>(null);
export const done = signal<Done | null>(null);
/** Seconds until everything is wiped, when that is near. */
export const wipesIn_s = signal<number | null>(null);
const shown = signal<Shown>({});

/** How to greet: the name that the server knows, or what was typed. */
export const greeted = computed(() => person.value?.name ?? shown.value.name ?? null);
/** Somebody began, so there is something to wipe. */
const began = () => step.peek() !== 'idle' || typed.peek() !== '' || trouble.peek() !== null;

/** How long somebody waits for the server's answer before they hear that it is kept here. */
export const patience_ms = () => (reached.peek() ? PATIENCE_MS : OFFLINE_PATIENCE_MS);

const wipers = new Set<() => void>();

/** Whoever else knows something of the person forgets it too. */
export function whenWiped(forget: () => void): void {
  wipers.add(forget);
}

/** Back to the first screen. Nothing of the person stays. */
export function wipe(): void {
  for (const forget of wipers) forget();
  step.value = 'idle';
  typed.value = '';
  busy.value = false;
  trouble.value = person.value = done.value = wipesIn_s.value = null;
  shown.value = {};
  const home = firstSpoken([kiosk.peek()?.locale ?? language.peek()]);
  if (home !== language.peek()) void setLanguage(home, { keep: false }).catch(() => undefined);
}

/** Step 2 with a name. */
export function showName(): Promise<void> {
  return shows({ name: typed.peek().trim() });
}

/** Step 2 with what was scanned. */
export async function showCode(text: string): Promise<void> {
  if (CODE.test(text)) return shows({ code: text });
  step.value = 'idle';
  trouble.value = { is: 'notACode' };
}

export function giveNumber(employee_number: string): Promise<void> {
  return shows({ ...shown.peek(), employee_number });
}

export function givePin(pin: string): Promise<void> {
  return shows({ ...shown.peek(), pin });
}

async function shows(next: Shown): Promise<void> {
  shown.value = next;
  trouble.value = null;
  if (kiosk.peek()?.asks_pin && next.pin === undefined) {
    step.value = 'pin';
    return;
  }
  await alone(next, async () => {
    person.value = await asked<Person>('/api/v1/kiosk/person', next);
    step.value = 'choose';
  });
}

/** Step 4. */
export async function choose(kind: Kind): Promise<void> {
  const mine = shown.peek();
  const name = greeted.peek();
  await alone(mine, async () => {
    const { key } = await write('kiosk_punch', { ...mine, kind });
    const entry = await verdict(key, patience_ms());
    if (shown.peek() !== mine) return;
    if (entry?.state === 'refused' || entry?.state === 'conflict') {
      await discard(key);
      refuse(entry.problem);
      return;
    }
    const answer = entry?.answer as components['schemas']['KioskPunchedOut'] | null | undefined;
    const at_ms = answer ? Date.parse(answer.at) : (entry?.made_ms ?? serverTime_ms());
    finish({ kind: answer?.kind ?? kind, at_ms, arrived: entry?.state === 'accepted', already: answer?.already ?? false, name });
  });
}

function finish(what: Done): void {
  done.value = what;
  step.value = 'done';
  shown.value = {};
  person.value = null;
  typed.value = '';
  setTimeout(() => done.peek() === what && wipe(), DONE_MS);
}

/** Work for one person, shown as busy; whatever comes after they were wiped is dropped. */
async function alone(mine: Shown, work: () => Promise<void>): Promise<void> {
  if (busy.peek()) return;
  busy.value = true;
  trouble.value = null;
  try {
    await work();
  } catch (error) {
    if (shown.peek() === mine) tell(error);
  } finally {
    busy.value = false;
  }
}

function tell(error: unknown): void {
  if (error instanceof StorageFull) trouble.value = { is: 'full' };
  else if (!isFailure(error)) throw error;
  else if (error.kind === 'refused') refuse(error.problem as Problem | null, error.retryAfter_s);
  else {
    person.value = null;
    step.value = 'choose'; // nobody is known here, and the outbox will ask later
  }
}

function refuse(problem: Problem | null, wait_s: number | null = null): void {
  const asksPin = kiosk.peek()?.asks_pin ?? false;
  switch (problem?.type.split('/').at(-1)) {
    case 'conflict':
      step.value = 'number';
      return;
    case 'too-many':
      trouble.value = { is: 'wait', wait_s: wait_s ?? 0 };
      return;
    case 'not-found':
      step.value = asksPin ? 'pin' : 'idle';
      trouble.value = { is: asksPin ? 'wrongPin' : 'nobody' };
      return;
    case 'invalid':
      if (problem?.errors?.some((one) => one.field === 'pin')) return askPinAfterAll();
  }
  trouble.value = { is: 'refused' };
}

/** The organization began to ask PINs, and this kiosk had not heard yet. */
function askPinAfterAll(): void {
  step.value = 'pin';
  void refreshKiosk();
}

async function asked<T>(path: string, body: Shown): Promise<T> {
  return ask<T>(await tokenOfKiosk(), path, body);
}

/** Step 5: watch for hands. Once, at the start. */
export function watchHands(): void {
  let touched_ms = performance.now();
  const touch = () => {
    touched_ms = performance.now();
    wipesIn_s.value = null;
  };
  for (const kind of ['pointerdown', 'keydown', 'input'] as const) addEventListener(kind, touch, { passive: true });
  setInterval(() => {
    const idle_ms = performance.now() - touched_ms;
    if (!began()) touched_ms = performance.now();
    else if (idle_ms >= WIPE_MS) wipe();
    else if (idle_ms >= WARN_MS) wipesIn_s.value = Math.ceil((WIPE_MS - idle_ms) / 1000);
  }, 500);
}
