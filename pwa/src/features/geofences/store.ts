/** What the screens of geofences ask of the server. Reads are kept on the device; shapes come from the map's own list of fences. */
import { answer, api, everyPage, send, tagged, type components } from '../../api';
import { failureFrom, failureOf } from '../../api/failure';
import { uuid } from '../../offline/seal';
import { snapshot } from '../../offline/snapshot';
import { type Drawn, drawnOf, type Shape } from '../../map/shape';

type Schemas = components['schemas'];
export type Fence = Schemas['FenceOut'];
export type FenceLine = Schemas['FenceLine'];
export type Version = Schemas['VersionOut'];
export type Assignment = Schemas['AssignmentOut'];
export type Overlap = Schemas['Overlap'];
export type Draft = Schemas['DraftOut'];
export type Preview = Schemas['PreviewOut'];
export type Numbers = Record<string, number>;

const paged = (cursor: string | undefined) => ({ limit: 200, ...(cursor && { cursor }) });
const named = (fence_id: string) => ({ path: { fence_id } });

export const retiredFences = () =>
  snapshot('fences/retired', async () => ({
    value: await everyPage((cursor) => answer(api.GET('/api/v1/fences', { params: { query: { retired: true, ...paged(cursor) } } }))),
  }));
export const sites = () =>
  snapshot('sites', async () => ({
    value: await everyPage((cursor) => answer(api.GET('/api/v1/sites', { params: { query: paged(cursor) } }))),
  }));
export const groups = () =>
  snapshot('groups', async () => ({
    value: await everyPage((cursor) => answer(api.GET('/api/v1/groups', { params: { query: paged(cursor) } }))),
  }));
export const rules = () => snapshot('policy', () => tagged(api.GET('/api/v1/policy')));

export const fence = (id: string) => snapshot(`fences/${id}`, () => tagged(api.GET('/api/v1/fences/{fence_id}', { params: named(id) })));
export const versions = (id: string) =>
  snapshot(`fences/${id}/versions`, () =>
    tagged(api.GET('/api/v1/fences/{fence_id}/versions', { params: { ...named(id), query: { limit: 20 } } })),
  );
export const olderVersions = (id: string, cursor: string) =>
  answer(api.GET('/api/v1/fences/{fence_id}/versions', { params: { ...named(id), query: { limit: 20, cursor } } }));
export const assignments = (id: string) =>
  snapshot(`fences/${id}/assignments`, () =>
    tagged(api.GET('/api/v1/fences/{fence_id}/assignments', { params: { ...named(id), query: { limit: 200 } } })),
  );

export const retire = (id: string, etag: string) =>
  tagged(api.POST('/api/v1/fences/{fence_id}/retire', { params: { ...named(id), header: { 'If-Match': etag } } }));
export const restore = (id: string, etag: string) =>
  tagged(api.POST('/api/v1/fences/{fence_id}/restore', { params: { ...named(id), header: { 'If-Match': etag } } }));
export const assign = (id: string, etag: string, body: Schemas['AssignedIn']) =>
  tagged(api.PUT('/api/v1/fences/{fence_id}/assignments', { params: { ...named(id), header: { 'If-Match': etag } }, body }));

/** A file as it is, to be looked at or to be imported. Throws `Failure`. */
async function sendFile<T>(path: string, query: URLSearchParams, file: Blob, more: Record<string, string> = {}): Promise<T> {
  try {
    const request = new Request(`${path}?${query}`, {
      method: 'POST',
      body: file,
      headers: { 'Content-Type': 'application/octet-stream', ...more },
    });
    const response = await send(request);
    const body = (await response.json()) as unknown;
    if (!response.ok) throw failureOf(response, body);
    return body as T;
  } catch (error) {
    throw failureFrom(error);
  }
}

export const previewFile = (file: Blob, file_name: string) =>
  sendFile<Preview>('/api/v1/fences/import/preview', new URLSearchParams({ file_name }), file);

/** Make what was chosen of a file that was looked at. */
export function importFile(file: File, preview_hash: string, take: readonly number[], repaired: readonly number[], site_id: string | null) {
  const query = new URLSearchParams({ file_name: file.name, preview_hash });
  for (const index of take) query.append('take', String(index));
  for (const index of repaired) query.append('take_repaired', String(index));
  if (site_id) query.set('site_id', site_id);
  return sendFile<Schemas['Imported']>('/api/v1/fences/import', query, file, { 'Idempotency-Key': uuid() });
}

/** What the server says of a shape that is being drawn: as it says of a file with this shape alone. */
export async function judged(shape: Shape): Promise<Draft | null> {
  const { geometry, radius_m }: Drawn = drawnOf(shape);
  const feature = { type: 'Feature', properties: radius_m === null ? {} : { radius_m }, geometry };
  return (await previewFile(new Blob([JSON.stringify(feature)]), 'drawn.geojson')).drafts[0] ?? null;
}

export const presence = () => answer(api.GET('/api/v1/presence'));
