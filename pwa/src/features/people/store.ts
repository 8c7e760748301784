/** What the screens of people ask of the server. */
import { answer, api, send, tagged, type components } from '../../api';
import { failureFrom, failureOf } from '../../api/failure';
import { snapshot } from '../../offline/snapshot';

type Schemas = components['schemas'];
export type PersonIn = Required<Schemas['PersonIn']>;
export type Imported = Schemas['ImportOut'];
export type OneTime = Schemas['OneTimePassword'];

const of = (person_id: string) => ({ params: { path: { person_id } } });

export interface Wanted {
  q: string;
  group_id: string;
  site_id: string;
  left: boolean;
}

/** One page of people. */
export function people({ q, group_id, site_id, left }: Wanted, cursor: string | undefined) {
  const query = { limit: 50, left, ...(q && { q }), ...(group_id && { group_id }), ...(site_id && { site_id }), ...(cursor && { cursor }) };
  return answer(api.GET('/api/v1/people', { params: { query } }));
}

export const addPerson = (body: PersonIn) => answer(api.POST('/api/v1/people', { body }));
export const readPerson = (person_id: string) => tagged(api.GET('/api/v1/people/{person_id}', of(person_id)));
export const editPerson = (person_id: string, body: PersonIn, etag: string) =>
  answer(api.PUT('/api/v1/people/{person_id}', { params: { path: { person_id }, header: { 'If-Match': etag } }, body }));
export const leave = (person_id: string) => answer(api.POST('/api/v1/people/{person_id}/leave', of(person_id)));
export const comeBack = (person_id: string) => answer(api.POST('/api/v1/people/{person_id}/return', of(person_id)));

const asked = (person_id: string) => ({ params: { query: { person_id, limit: 200 } } });

export const groupsOf = (person_id: string) =>
  snapshot(`people/${person_id}/groups`, async () => ({ value: (await answer(api.GET('/api/v1/groups', asked(person_id)))).items }));
export const windowsOf = (person_id: string) =>
  snapshot(`people/${person_id}/windows`, async () => ({
    value: (await answer(api.GET('/api/v1/working-windows', asked(person_id)))).items,
  }));
export const devicesOf = (person_id: string) =>
  snapshot(`people/${person_id}/devices`, async () => ({ value: (await answer(api.GET('/api/v1/devices', asked(person_id)))).items }));
/** The member that a person is; null: they cannot sign in. */
export const memberOf = (person_id: string) =>
  snapshot(`people/${person_id}/member`, async () => ({
    value: { member: (await answer(api.GET('/api/v1/members', asked(person_id)))).items[0] ?? null },
  }));

const put = (group_id: string, person_id: string) => ({ params: { path: { group_id, person_id } } });
export const join = (group_id: string, person_id: string) =>
  answer(api.PUT('/api/v1/groups/{group_id}/people/{person_id}', put(group_id, person_id)));
export const quit = (group_id: string, person_id: string) =>
  answer(api.DELETE('/api/v1/groups/{group_id}/people/{person_id}', put(group_id, person_id)));

export type Role = Schemas['RolesIn']['roles'][number];
const which = (member_id: string) => ({ params: { path: { member_id } } });

export const invite = (body: { person_id: string; roles: Role[]; sign_in: string | null }) => answer(api.POST('/api/v1/members', { body }));
/** Exactly these roles. What was read a moment ago is what is changed: the answer of the member gives the ETag. */
export async function setRoles(member_id: string, roles: Role[]) {
  const { etag } = await tagged(api.GET('/api/v1/members/{member_id}', which(member_id)));
  const params = { path: { member_id }, header: { 'If-Match': etag } };
  return answer(api.PUT('/api/v1/members/{member_id}/roles', { params, body: { roles } }));
}
export const resetPassword = (member_id: string) => answer(api.POST('/api/v1/members/{member_id}/one-time-password', which(member_id)));
export const endSessions = (member_id: string) => answer(api.POST('/api/v1/members/{member_id}/end-sessions', which(member_id)));
export const endMember = (member_id: string) => answer(api.DELETE('/api/v1/members/{member_id}', which(member_id)));

/** A CSV file: looked at, or with the preview's `confirm` done. Throws `Failure`. */
export async function importPeople(file: Blob, confirm: string | null): Promise<Imported> {
  try {
    const query = confirm ? `?confirm=${encodeURIComponent(confirm)}` : '';
    const body = new Blob([file], { type: 'text/csv' });
    const response = await send(new Request(`/api/v1/people/import${query}`, { method: 'POST', body }));
    const found = (await response.json()) as unknown;
    if (!response.ok) throw failureOf(response, found);
    return found as Imported;
  } catch (error) {
    throw failureFrom(error);
  }
}
