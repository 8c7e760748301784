/** What Today asks, and clocking in and out. Location is never needed for it; a fix that comes along is judged at once and dropped. */
import { answer, api, Failure, type components } from '../../api';
import { Fences } from '../../geo';
import { dayOf } from '../../i18n';
import { freshFix } from '../../location/position';
import { ownFences } from '../../location/sharing';
import type { Fix } from '../../offline/kinds';
import { discard, entries, verdict, write } from '../../offline/outbox';
import { serverTime_ms } from '../../offline/clock';
import { snapshot } from '../../offline/snapshot';
import type { Kind, Waiting } from './standing';

export type Punched = components['schemas']['PunchedOut'];
const BACK_MS = 16 * 3_600_000;
const PATIENCE_MS = 6_000;

/** The punches that may still count today, the newest first. */
export const punches = () =>
  snapshot('today/punches', async () => {
    const now = serverTime_ms();
    const query = { since: new Date(now - BACK_MS).toISOString(), until: new Date(now + 60_000).toISOString(), limit: 20 };
    return { value: (await answer(api.GET('/api/v1/punches', { params: { query } }))).items };
  });

/** Where the server believes one is. For whoever may see everybody it is asked for themselves alone. */
export const presence = (person_id: string) =>
  snapshot('today/presence', async () => ({ value: await answer(api.GET('/api/v1/presence', { params: { query: { person_id } } })) }));

/** What counts today so far; null: nothing yet. */
export const workday = (person_id: string) =>
  snapshot('today/workday', async () => {
    const day = dayOf(serverTime_ms());
    const found = await answer(api.GET('/api/v1/workdays', { params: { query: { first: day, last: day, person_id } } }));
    return { value: found.items[0]?.days[0] ?? null };
  });

/** Punches of this device that the server has not answered. */
export const waiting = (): Waiting[] =>
  entries.value
    .filter((entry) => entry.kind === 'punch' && ['waiting', 'sending', 'sign_in'].includes(entry.state))
    .map((entry) => ({ kind: entry.body?.['kind'] === 'out' ? 'out' : 'in', at_ms: entry.made_ms }));

export interface Done {
  kind: Kind;
  at_ms: number;
  arrived: boolean;
  already_ms: number | null;
  /** Of the fix that came along. */
  fix: NonNullable<Punched['fix']>['status'] | null;
}

/** Where the organization chose that phones judge, no position leaves this one; null: the server judges. */
function judgedOnThisPhone({ latitude, longitude, accuracy_m }: Fix): Done['fix'] {
  const told = ownFences().value.peek();
  if (told?.evaluation !== 'on_device') return null;
  const { inside, unclear } = new Fences(told).sight({ latitude, longitude, accuracyM: accuracy_m });
  return inside.length > 0 ? 'inside' : unclear.length > 0 ? 'unclear' : 'outside';
}

/** Keep the punch, send it, and say what became of it. Throws `NoPosition` before anything is kept, `Failure`, `StorageFull`. */
export async function clock(kind: Kind, withLocation: boolean): Promise<Done> {
  const fix = withLocation ? await freshFix() : null;
  const judgedHere = fix && judgedOnThisPhone(fix);
  const { key } = await write('punch', { kind, ...(fix && !judgedHere && { fix }) });
  const entry = await verdict(key, PATIENCE_MS);
  if (entry?.state === 'refused' || entry?.state === 'conflict') {
    await discard(key);
    throw new Failure('refused', entry.problem as components['schemas']['Problem'] | null);
  }
  const punched = entry?.answer as Punched | null | undefined;
  return {
    kind,
    at_ms: punched ? Date.parse(punched.punch.at) : (entry?.made_ms ?? Date.now()),
    arrived: entry?.state === 'accepted',
    already_ms: punched?.already_since ? Date.parse(punched.already_since) : null,
    fix: judgedHere ?? punched?.fix?.status ?? null,
  };
}
