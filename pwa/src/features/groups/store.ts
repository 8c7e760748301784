/** What the screens of groups ask of the server. */
import { answer, api, everyPage, tagged } from '../../api';
import type { Target } from '../../api/messaging-types';
import { snapshot } from '../../offline/snapshot';
import { groups } from '../../people';

export const retired = () =>
  snapshot('groups/retired', async () => ({
    value: await everyPage((cursor) =>
      answer(api.GET('/api/v1/groups', { params: { query: { retired: true, limit: 200, ...(cursor && { cursor }) } } })),
    ),
  }));
const of = (group_id: string) => ({ path: { group_id } });
const matched = (group_id: string, etag: string) => ({ ...of(group_id), header: { 'If-Match': etag } });
export const read = (id: string) => tagged(api.GET('/api/v1/groups/{group_id}', { params: of(id) }));
export const group = (id: string) => snapshot(`groups/${id}`, () => read(id));

/** Listed, or by a rule. */
export const add = (name: string, rule: Target | null = null) =>
  answer(api.POST('/api/v1/groups', { body: { name, ...(rule && { rule: { ...rule } }) } }));
export const rename = (id: string, name: string, etag: string) =>
  answer(api.PUT('/api/v1/groups/{group_id}', { params: matched(id, etag), body: { name } }));
export const rule = (id: string, name: string, said: Target, etag: string) =>
  answer(api.PUT('/api/v1/groups/{group_id}', { params: matched(id, etag), body: { name, rule: { ...said } } }));
export const retire = (id: string, etag: string) => answer(api.POST('/api/v1/groups/{group_id}/retire', { params: matched(id, etag) }));
export const restore = (id: string, etag: string) => answer(api.POST('/api/v1/groups/{group_id}/restore', { params: matched(id, etag) }));

export const peopleIn = (id: string, cursor: string | undefined) =>
  answer(api.GET('/api/v1/groups/{group_id}/people', { params: { ...of(id), query: { limit: 50, ...(cursor && { cursor }) } } }));
export const join = (group_id: string, person_id: string) =>
  answer(api.PUT('/api/v1/groups/{group_id}/people/{person_id}', { params: { path: { group_id, person_id } } }));
export const quit = (group_id: string, person_id: string) =>
  answer(api.DELETE('/api/v1/groups/{group_id}/people/{person_id}', { params: { path: { group_id, person_id } } }));

export const reload = (id?: string) => Promise.all([groups().refresh(), retired().refresh(), ...(id ? [group(id).refresh()] : [])]);
