/** Corrections to decide, those that were decided, and clock-outs that are missing. */
import { answer, api, everyPage, Failure, tagged, type components } from '../../api';
import { serverTime_ms } from '../../offline/clock';
import { snapshot } from '../../offline/snapshot';
import type { Correction } from '../../workday';

export type Missing = components['schemas']['MissingOut'];
export type Person = components['schemas']['PersonOut'];

const BACK_DAYS = 62;
const DECIDED_SHOWN = 100;

/** What waits for a decision, the newest first. */
export const waiting = () =>
  snapshot<Correction[]>('corrections/proposed', async () => {
    const page = (cursor: string | undefined) => ({
      params: { query: { status: 'proposed' as const, limit: 200, ...(cursor && { cursor }) } },
    });
    return { value: await everyPage((cursor) => answer(api.GET('/api/v1/corrections', page(cursor)))) };
  });

/** The newest of those that no longer wait. */
export const decided = () =>
  snapshot<Correction[]>('corrections/decided', async () => {
    const found = await answer(api.GET('/api/v1/corrections', { params: { query: { limit: DECIDED_SHOWN } } }));
    return { value: found.items.filter((one) => one.status !== 'proposed') };
  });

/** Clock-ins of the last two months that nobody answered for, the newest first. */
export const missing = () =>
  snapshot<Missing[]>('punches/missing', async () => {
    const now = serverTime_ms();
    const period = { since: new Date(now - BACK_DAYS * 86_400_000).toISOString(), until: new Date(now + 60_000).toISOString() };
    const page = (cursor: string | undefined) => ({ params: { query: { ...period, limit: 200, ...(cursor && { cursor }) } } });
    return { value: await everyPage((cursor) => answer(api.GET('/api/v1/punches/missing', page(cursor)))) };
  });

export async function peopleLike(q: string): Promise<Person[]> {
  return (await answer(api.GET('/api/v1/people', { params: { query: { q, limit: 10 } } }))).items;
}

/** Approve or refuse what was on the screen. Throws `Failure`; 412 when it is another one by now. */
export async function decide(shown: Correction, status: 'approved' | 'refused', reason: string): Promise<void> {
  const path = { correction_id: shown.id };
  const { value, etag } = await tagged(api.GET('/api/v1/corrections/{correction_id}', { params: { path } }));
  if (value.revision !== shown.revision) throw new Failure('refused', STALE);
  const options = { params: { path, header: { 'If-Match': etag } }, body: { status, reason } };
  await answer(api.PATCH('/api/v1/corrections/{correction_id}', options));
}

/** As the server says it of an old ETag. */
const STALE = { type: '/problems/stale', title: '', status: 412, detail: '', request_id: '', errors: null };
