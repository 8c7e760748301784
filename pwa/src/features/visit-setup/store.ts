import { readSettings, visitTypes } from '../../api/visits';
import { snapshot } from '../../offline/snapshot';

export const types = (retired: boolean) =>
  snapshot(retired ? 'visit-types/retired' : 'visit-types', async () => ({ value: await visitTypes(retired) }));
export const settings = (site_id: string) => snapshot(`visit-settings/${site_id}`, () => readSettings(site_id));
