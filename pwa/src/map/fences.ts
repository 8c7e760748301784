/** The geofences in use with their shapes: the list, and the shapes of all of them in one answer (the list has none). */
import { answer, api, everyPage, type components } from '../api';
import { snapshot } from '../offline/snapshot';
import { type Drawn, shapeOf, type Shape } from './shape';

export type FenceLine = components['schemas']['FenceLine'];
export type DrawnFence = FenceLine & { shape: Shape };

interface Exported {
  features: { id: string; geometry: Drawn['geometry']; properties: { radius_m?: number } }[];
}

/** Kept on the device as the API writes them, so that an app of tomorrow reads what one of today kept. */
async function read(): Promise<{ value: { lines: FenceLine[]; shapes: Exported['features'] } }> {
  const [lines, exported] = await Promise.all([
    everyPage((cursor) => answer(api.GET('/api/v1/fences', { params: { query: { limit: 200, ...(cursor && { cursor }) } } }))),
    answer(api.GET('/api/v1/fences/export', { params: { query: { format: 'geojson' } } })) as Promise<unknown>,
  ]);
  return { value: { lines, shapes: (exported as Exported).features } };
}

/** Shared by every screen that shows them. */
export const currentFences = () => snapshot('fences', read);

/** The fences of an answer, by number. One that was drawn between the two questions comes with the next answer. */
export function drawnFences(found: Awaited<ReturnType<typeof read>>['value'] | null): DrawnFence[] {
  const shapes = new Map(found?.shapes.map((feature) => [feature.id, feature]));
  return (found?.lines ?? []).flatMap((line) => {
    const feature = shapes.get(line.id);
    return feature ? [{ ...line, shape: shapeOf({ geometry: feature.geometry, radius_m: feature.properties.radius_m ?? null }) }] : [];
  });
}
