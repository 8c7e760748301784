/**
 * Every kind of write that goes through the outbox, as data. A new write is a row here and nothing else.
 * Rows are for ever: an item stored by yesterday's app is sent by today's. Change a row only so that its old items still make sense.
 */
import type { Arrival, Departure } from '../api/kiosk-visits-types';
import type { MessageIn, ReplyKind } from '../api/messaging-types';
import type { components } from '../api/schema';

type Schemas = components['schemas'];
/** What the server fills in by itself may be left out. */
type Loose<T, Given extends keyof T> = Pick<T, Given> & Partial<T>;

/** What each kind of write takes. The outbox adds the key and the time at which it was made. */
export interface Bodies {
  punch: Loose<Omit<Schemas['PunchIn'], 'client_id' | 'fix'>, 'kind'> & { fix?: Fix };
  kiosk_punch: Loose<Omit<Schemas['KioskPunchIn'], 'client_id'>, 'kind'>;
  kiosk_arrival: Arrival;
  kiosk_departure: Departure;
  correction: Loose<Schemas['CorrectionIn'], 'worked_on' | 'kind' | 'since' | 'until' | 'reason'>;
  answer: Schemas['AnswerIn'];
  switch_on: Schemas['SwitchOnIn'];
  switch_off: Record<string, never>;
  switch_pause: Partial<Schemas['PauseIn']>;
  switch_resume: Record<string, never>;
  fence_new: Schemas['FenceIn'];
  fence_edit: Schemas['FenceEdit'];
  alert: Schemas['AlertIn'];
  alert_draft: Schemas['AlertIn'];
  message: MessageIn;
  reply: { reply: ReplyKind; text?: string };
  ping: Position;
  sighting: Verdicts;
  roll_call_start: Omit<Schemas['RollCallIn'], 'id'>;
  roll_call_add: Omit<Schemas['AddedIn'], 'id'>;
  roll_call_mark: Omit<Schemas['MarkIn'], 'id' | 'said_at'>;
  roll_call_note: { text: string };
  roll_call_end: Record<string, never>;
  visit_arrival: Record<string, never>;
  visit_departure: Record<string, never>;
  visit_answer: Schemas['HostAnswerIn'];
}

/** A measured place; the ping's time is given to `write` as `wall_ms`. */
export interface Position {
  latitude: number;
  longitude: number;
  accuracy_m: number | null;
}

/** What the phone found itself (`Fences.sight` of `src/geo`), where it judges; its time as for a ping. */
export interface Verdicts {
  inside: string[];
  unclear: string[];
  accuracy_class_m: number;
  fence_set: string;
}

/** A place measured for a punch. `recorded_at` by the server's clock: `new Date(serverTime_ms(position.timestamp)).toISOString()`. */
export type Fix = Position & { recorded_at: string };

export interface Kind {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `{subject}` stands for the id given with the write. */
  path: string;
  /** Whose credential: the signed-in member's cookie, or the token of this device. */
  as: 'session' | 'device';
  /** Items of one lane leave in order. `{subject}` as above. */
  lane: string;
  /** Where the key goes: the field of the body by which the server knows a repetition, or the header Idempotency-Key. */
  key: 'header' | 'client_id' | 'id';
  /** The field that takes the time at which it was made, by the server's clock. */
  at?: string;
  /** Fields that hold positions, or a PIN: forgotten with the first verdict. */
  fleeting?: readonly string[];
  /** Several leave in one request, in this list; the answer has a verdict for each. Forgotten once accepted; who writes one keeps what it says. */
  batch?: { list: string; most: number };
  /** Gives way when the storage is full, the oldest first; and is not among what screens are shown. */
  traceless?: true;
  /** The answer is large, and read anew where it is needed: it is not kept. */
  unkept?: true;
  /** Not sent unasked once it has waited so long: it becomes a `conflict` of this type, as when the server says it. */
  stale?: { after_s: number; type: string };
}

const rows = {
  punch: { method: 'POST', path: '/api/v1/punches', as: 'session', lane: 'punches', key: 'client_id', at: 'at', fleeting: ['fix'] },
  kiosk_punch: {
    method: 'POST',
    path: '/api/v1/kiosk/punches',
    as: 'device',
    lane: 'punches',
    key: 'client_id',
    at: 'at',
    fleeting: ['pin'],
  },
  kiosk_arrival: {
    method: 'POST',
    path: '/api/v1/kiosk/visits/arrival',
    as: 'device',
    lane: 'visits',
    key: 'id',
    at: 'at',
    fleeting: ['fields'],
  },
  kiosk_departure: { method: 'POST', path: '/api/v1/kiosk/visits/departure', as: 'device', lane: 'visits', key: 'id', at: 'at' },
  correction: { method: 'POST', path: '/api/v1/corrections', as: 'session', lane: 'corrections', key: 'header' },
  answer: { method: 'POST', path: '/api/v1/me/questions/answer', as: 'session', lane: 'corrections', key: 'header' },
  switch_on: { method: 'POST', path: '/api/v1/me/switch/on', as: 'session', lane: 'switch', key: 'header' },
  switch_off: { method: 'POST', path: '/api/v1/me/switch/off', as: 'session', lane: 'switch', key: 'header' },
  switch_pause: { method: 'POST', path: '/api/v1/me/switch/pause', as: 'session', lane: 'switch', key: 'header' },
  switch_resume: { method: 'POST', path: '/api/v1/me/switch/resume', as: 'session', lane: 'switch', key: 'header' },
  fence_new: { method: 'POST', path: '/api/v1/fences', as: 'session', lane: 'fences', key: 'header' },
  fence_edit: { method: 'PUT', path: '/api/v1/fences/{subject}', as: 'session', lane: 'fences', key: 'header' },
  alert: {
    method: 'POST',
    path: '/api/v1/alerts',
    as: 'session',
    lane: 'alerts',
    key: 'id',
    at: 'written_at',
    stale: { after_s: 60, type: '/problems/alert-too-old' },
  },
  alert_draft: { method: 'POST', path: '/api/v1/alerts', as: 'session', lane: 'alerts', key: 'id' },
  message: { method: 'POST', path: '/api/v1/messages', as: 'session', lane: 'messages', key: 'id' },
  reply: { method: 'POST', path: '/api/v1/me/alerts/{subject}/reply', as: 'session', lane: 'replies', key: 'header', at: 'said_at' },
  ping: {
    method: 'POST',
    path: '/api/v1/pings',
    as: 'device',
    lane: 'pings',
    key: 'id',
    at: 'recorded_at',
    fleeting: ['latitude', 'longitude', 'accuracy_m', 'mocked'],
    batch: { list: 'pings', most: 200 },
    traceless: true,
  },
  sighting: {
    method: 'POST',
    path: '/api/v1/sightings',
    as: 'device',
    lane: 'pings',
    key: 'id',
    at: 'recorded_at',
    fleeting: ['inside', 'unclear'],
    batch: { list: 'sightings', most: 200 },
    traceless: true,
  },
  // The subject is the roll call, whose id is the phone's own: it is begun before anything is said in it.
  roll_call_start: { method: 'POST', path: '/api/v1/roll-calls', as: 'session', lane: 'roll call {subject}', key: 'id', unkept: true },
  roll_call_add: {
    method: 'POST',
    path: '/api/v1/roll-calls/{subject}/marks',
    as: 'session',
    lane: 'roll call {subject}',
    key: 'id',
    batch: { list: 'added', most: 200 },
  },
  roll_call_mark: {
    method: 'POST',
    path: '/api/v1/roll-calls/{subject}/marks',
    as: 'session',
    lane: 'roll call {subject}',
    key: 'id',
    at: 'said_at',
    batch: { list: 'marks', most: 200 },
  },
  roll_call_note: {
    method: 'POST',
    path: '/api/v1/roll-calls/{subject}/notes',
    as: 'session',
    lane: 'roll call {subject}',
    key: 'id',
    at: 'said_at',
  },
  roll_call_end: { method: 'POST', path: '/api/v1/roll-calls/{subject}/ending', as: 'session', lane: 'roll call {subject}', key: 'header' },
  visit_arrival: {
    method: 'POST',
    path: '/api/v1/visits/{subject}/arrival',
    as: 'session',
    lane: 'visit {subject}',
    key: 'header',
    at: 'at',
  },
  visit_departure: {
    method: 'POST',
    path: '/api/v1/visits/{subject}/departure',
    as: 'session',
    lane: 'visit {subject}',
    key: 'header',
    at: 'at',
  },
  visit_answer: { method: 'POST', path: '/api/v1/visits/{subject}/answer', as: 'session', lane: 'visit {subject}', key: 'header' },
} as const satisfies Record<KindName, Kind>;

export type KindName = keyof Bodies;
export const KINDS: Readonly<Record<KindName, Kind>> = rows;
