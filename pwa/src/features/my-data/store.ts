/** Everything that is known of oneself, beside the workdays. */
import { answer, api, everyPage, tagged, type components } from '../../api';
import { serverTime_ms } from '../../offline/clock';
import { snapshot } from '../../offline/snapshot';
import type { Correction } from '../../workday';

type Schemas = components['schemas'];
export type Crossing = Schemas['CrossingOut'];
export type Stay = Schemas['StayLine'];
export type Look = Schemas['LookOut'];
export type SwitchEvent = Schemas['SwitchEventOut'];

const STAYS_DAYS = 31;
const PAGE = 100;

/** As the organization was told them. */
export const crossings = () => snapshot<Crossing[]>('me/crossings', async () => ({ value: await answer(api.GET('/api/v1/me/crossings')) }));

/** The truth, as only oneself is told it: of the last month, the newest first. For whoever may see everybody: of themselves alone. */
export const stays = (person_id: string) =>
  snapshot<Stay[]>('me/stays', async () => {
    const now = serverTime_ms();
    const query = {
      person_id,
      since: new Date(now - STAYS_DAYS * 86_400_000).toISOString(),
      until: new Date(now + 60_000).toISOString(),
      limit: PAGE,
    };
    return { value: (await answer(api.GET('/api/v1/stays', { params: { query } }))).items };
  });

export const looks = () =>
  snapshot<Look[]>('me/views', async () => ({
    value: (await answer(api.GET('/api/v1/me/views', { params: { query: { limit: PAGE } } }))).items,
  }));

export const switchEvents = () =>
  snapshot<SwitchEvent[]>('me/switch/events', async () => ({
    value: await everyPage((cursor) =>
      answer(api.GET('/api/v1/me/switch/events', { params: { query: { limit: PAGE, ...(cursor && { cursor }) } } })),
    ),
  }));

export const corrections = (person_id: string) =>
  snapshot<Correction[]>('me/corrections', async () => ({
    value: (await answer(api.GET('/api/v1/corrections', { params: { query: { person_id, limit: PAGE } } }))).items,
  }));

/** Take one's own proposal back. Throws `Failure`; 409 when it was decided meanwhile. */
export async function withdraw(correction_id: string): Promise<void> {
  const path = { correction_id };
  const { etag } = await tagged(api.GET('/api/v1/corrections/{correction_id}', { params: { path } }));
  await answer(api.POST('/api/v1/corrections/{correction_id}/withdraw', { params: { path, header: { 'If-Match': etag } } }));
}
