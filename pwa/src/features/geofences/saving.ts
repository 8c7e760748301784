/**
 * How a drawn geofence is saved: through the outbox, so that it arrives once, in order, also when the network is gone or the tab is closed.
 * What the server says at once comes back as `Outcome`; without an answer it stays in the outbox, and this device goes on with it by itself.
 */
import type { components } from '../../api';
import { Failure } from '../../api/failure';
import { drawnOf, type Shape } from '../../map/shape';
import { discard, edit, entries, type Entry, verdict, write } from '../../offline/outbox';
import type { Facts } from './drafts';
import { type Fence, fence } from './store';

type Schemas = components['schemas'];

export type Outcome =
  | { is: 'saved'; fence: Fence | null }
  | { is: 'kept'; key: string; signIn: boolean }
  | { is: 'conflict'; key: string }
  | { is: 'refused'; key: string; failure: Failure };

const PATIENCE_MS = 8_000;
const OFFLINE_MS = 300;

export interface Change {
  /** Null: a new geofence. */
  id: string | null;
  facts: Facts;
  shape: Shape;
  etag: string | null;
}

export function bodyOf({ facts, shape }: Pick<Change, 'facts' | 'shape'>): Schemas['FenceEdit'] {
  const { geometry, radius_m } = drawnOf(shape);
  const { name, site_id, policy, counts_as_work } = facts;
  return {
    name: name.trim(),
    geometry: geometry as Schemas['FenceEdit']['geometry'],
    radius_m,
    site_id,
    policy: policy as Schemas['FencePolicyIn'],
    counts_as_work,
  };
}

const newBody = (change: Change): Schemas['FenceIn'] => ({
  ...bodyOf(change),
  assigned: { everyone: change.facts.everyone, group_ids: [...change.facts.group_ids] },
});

async function send(change: Change, before: string | null): Promise<string> {
  const body = change.id === null ? newBody(change) : bodyOf(change);
  const known = entries.peek().find((entry) => entry.key === before);
  if (known?.state === 'waiting' && (await edit(known.key, body, change.etag ?? undefined))) return known.key;
  if (known && known.state !== 'waiting') await discard(known.key);
  if (change.id === null) return (await write('fence_new', newBody(change))).key;
  const if_match = change.etag ?? fence(change.id).etag.peek();
  return (await write('fence_edit', bodyOf(change), { subject: change.id, ...(if_match && { if_match }) })).key;
}

/** Save it. `before`: the write in the outbox that this one replaces. Throws `StorageFull`. */
export async function save(change: Change, before: string | null): Promise<Outcome> {
  const key = await send(change, before);
  const entry = await verdict(key, navigator.onLine ? PATIENCE_MS : OFFLINE_MS);
  if (entry === null || entry.state === 'accepted') return { is: 'saved', fence: (entry?.answer as Fence | undefined) ?? null };
  if (entry.state === 'conflict') return { is: 'conflict', key };
  if (entry.state === 'refused') return { is: 'refused', key, failure: failureOfEntry(entry) };
  return { is: 'kept', key, signIn: entry.state === 'sign_in' };
}

function failureOfEntry({ problem }: Entry): Failure {
  if (!problem) return new Failure('broken');
  const { type, title = '', status = 422, detail = '', errors = [], request_id = '' } = problem;
  return new Failure('refused', {
    type,
    title,
    status,
    detail,
    errors: errors.map((one) => ({ next_step: null, ...one })),
    request_id,
  } as Failure['problem']);
}

/** Changes of geofences that have not arrived: they wait, or a person must choose. */
export const unsettled = (): Entry[] =>
  entries.value.filter((entry) => (entry.kind === 'fence_new' || entry.kind === 'fence_edit') && entry.state !== 'accepted');

/** The change of this geofence that is still on its way, the latest. */
export const openChange = (id: string): Entry | null => unsettled().findLast((entry) => entry.subject === id) ?? null;
