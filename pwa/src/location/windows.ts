/** When one may be looked at. Asked for oneself by name: who may see everybody's windows would get all of them. */
import { answer, api } from '../api';
import { snapshot } from '../offline/snapshot';

export const ownWindows = (person_id: string) =>
  snapshot('me/windows', async () => ({
    value: (await answer(api.GET('/api/v1/working-windows', { params: { query: { limit: 50, person_id } } }))).items,
  }));
