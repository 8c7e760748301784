/** What the screens of workdays ask and write. Reads are snapshots; proposals and answers go through the outbox. */
import { signal } from '@preact/signals';
import { answer, api, everyPage, Failure, isFailure, type components } from '../api';
import { type Bodies } from '../offline/kinds';
import { discard, StorageFull, verdict, write } from '../offline/outbox';
import { snapshot } from '../offline/snapshot';
import type { Why } from './lines';
import type { Period } from './period';

export type PersonDays = components['schemas']['PersonDays'];
export type Correction = components['schemas']['CorrectionLine'];
export type Evidence = components['schemas']['WhyOut'];
export type Question = components['schemas']['MyQuestionOut'];

const PATIENCE_MS = 6_000;
/** People of a large organization as far as they have come, by the name of the question. */
export const arriving = signal<{ name: string; people: readonly PersonDays[] } | null>(null);

/** Everybody's days, or a group's, or one person's. Without a network the last answer is shown. */
export function workdays({ first, last }: Period, whose: { group_id?: string; person_id?: string }) {
  const name = `workdays/${first}/${last}/${whose.group_id ?? ''}/${whose.person_id ?? ''}`;
  const query = {
    first,
    last,
    limit: 100,
    ...(whose.group_id && { group_id: whose.group_id }),
    ...(whose.person_id && { person_id: whose.person_id }),
  };
  return Object.assign(
    snapshot(name, async () => {
      const come: PersonDays[] = [];
      await everyPage(async (cursor) => {
        const page = await answer(api.GET('/api/v1/workdays', { params: { query: { ...query, ...(cursor && { cursor }) } } }));
        come.push(...page.items);
        arriving.value = { name, people: [...come] };
        return page;
      });
      return { value: come };
    }),
    { question: name },
  );
}

/** One day with a line for every number; null: nothing is known of that day. */
export const why = (person_id: string, on: string) =>
  snapshot<Why | null>(`why/${person_id}/${on}`, async () => {
    try {
      return { value: await answer(api.GET('/api/v1/workdays/{person_id}', { params: { path: { person_id }, query: { on } } })) };
    } catch (error) {
      if (isFailure(error) && error.status === 404) return { value: null };
      throw error;
    }
  });

/** The crossings behind a stay, and what was seen. */
export const evidence = (stay_id: string) =>
  snapshot<Evidence>(`stay/${stay_id}`, async () => ({
    value: await answer(api.GET('/api/v1/stays/{stay_id}', { params: { path: { stay_id } } })),
  }));

export const questions = () => snapshot<Question[]>('questions', async () => ({ value: await answer(api.GET('/api/v1/me/questions')) }));

/** `arrived`: the server has it. `kept`: it is on this device and will be sent. `full`: the device has no room, nothing was kept. */
export type Sent = 'arrived' | 'kept' | 'full';

/** Keep it, send it, and say what became of it. Throws `Failure` when the server refuses; then it is not kept either. */
export async function send<K extends 'correction' | 'answer'>(kind: K, body: Bodies[K]): Promise<Sent> {
  try {
    const { key } = await write(kind, body);
    const entry = await verdict(key, PATIENCE_MS);
    if (entry?.state !== 'refused' && entry?.state !== 'conflict') return !entry || entry.state === 'accepted' ? 'arrived' : 'kept';
    await discard(key);
    throw new Failure('refused', entry.problem as components['schemas']['Problem'] | null);
  } catch (error) {
    if (error instanceof StorageFull) return 'full';
    throw error;
  }
}
