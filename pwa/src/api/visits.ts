/** Visits over HTTP. Every call throws `Failure`. Arrivals, departures and hosts' answers go through the outbox. */
import { send } from './client';
import { failureFrom, failureOf } from './failure';
import type {
  Delegate,
  Guest,
  Invitation,
  InvitationIn,
  Invited,
  Statistics,
  Visit,
  VisitSettingsIn,
  VisitType,
  VisitTypeIn,
} from './visits-types';

export * from './visits-types';

export interface Tagged<T> {
  value: T;
  etag: string;
}
interface Part<T> {
  items: T[];
  next_cursor?: string | null;
}
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

async function asked<T>(method: Method, path: string, body?: unknown, etag?: string): Promise<Tagged<T>> {
  try {
    const headers = { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...(etag && { 'If-Match': etag }) };
    const init = { method, headers: headers as HeadersInit, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await send(new Request(new URL(`/api/v1${path}`, location.origin), init));
    const answered: unknown = response.status === 204 ? null : await response.json().catch(() => null);
    if (!response.ok) throw failureOf(response, answered);
    return { value: answered as T, etag: response.headers.get('ETag') ?? '' };
  } catch (error) {
    throw failureFrom(error);
  }
}

export const read = <T>(path: string) => asked<T>('GET', path);
export const written = async <T>(method: Method, path: string, body?: unknown, etag?: string) =>
  (await asked<T>(method, path, body, etag)).value;
/** A question with what was given; the rest is left out. */
export const query = (given: Record<string, string | undefined>): string => {
  const said = Object.entries(given).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return said.length ? `?${new URLSearchParams(said)}` : '';
};
const page = async <T>(path: string, given: Record<string, string | undefined>) => (await read<Part<T>>(`${path}${query(given)}`)).value;
async function all<T>(path: string, given: Record<string, string | undefined>): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | undefined;
  do {
    const part = await page<T>(path, { ...given, limit: '200', cursor });
    found.push(...part.items);
    cursor = part.next_cursor ?? undefined;
  } while (cursor);
  return found;
}

export const dayList = (site_id: string, on: string) => all<Visit>('/visits', { site_id, on });
export const myVisits = async () => (await read<Visit[]>('/me/visits')).value;
export const readVisit = (id: string) => read<Visit>(`/visits/${id}`);
export const history = (wanted: { name: string; from: string; until: string }, cursor?: string) =>
  page<Visit>('/visits/history', { ...wanted, cursor, limit: '50' });
export const statistics = async (from: string, until: string) =>
  (await read<Statistics>(`/visits/statistics${query({ from, until })}`)).value;
export const exportAddress = (from: string, until: string) => `/api/v1/visits/export${query({ from, until })}`;
export const badgeAddress = (id: string, format: 'pdf' | 'label') => `/api/v1/visits/${id}/badge?format=${format}`;
export const walkIn = (body: { id: string; site_id: string; visit_type_id: string; name: string; locale: string; host_id?: string }) =>
  written<Visit>('POST', '/visits', body);
export const correct = (id: string, body: { name: string }, etag: string) => written<Visit>('PATCH', `/visits/${id}`, body, etag);
export const decide = (id: string, how: 'approval' | 'refusal') => written<Visit>('POST', `/visits/${id}/${how}`);
export const eraseVisitor = (visitor_id: string) => written<null>('DELETE', `/visitors/${visitor_id}`);

export const invite = (body: InvitationIn) => written<Invitation>('POST', '/invitations', body);
export const readInvitation = (id: string) => read<Invitation>(`/invitations/${id}`);
export const guests = async (id: string) => (await read<Guest[]>(`/invitations/${id}/visitors`)).value;
export const inviteMore = (id: string, visitors: readonly Invited[], tell: boolean) =>
  written<Guest[]>('POST', `/invitations/${id}/visitors`, { visitors, tell });
export const changeInvitation = (id: string, body: Partial<Omit<InvitationIn, 'id' | 'visitors'>>, etag: string) =>
  written<Invitation>('PATCH', `/invitations/${id}`, body, etag);
export const cancelInvitation = (id: string) => written<Invitation>('POST', `/invitations/${id}/cancellation`);

export const visitTypes = async (retired = false) =>
  (await read<VisitType[]>(`/visit-types${query({ retired: retired ? 'true' : undefined })}`)).value;
export const readType = (id: string) => read<VisitType>(`/visit-types/${id}`);
export const addType = (body: VisitTypeIn) => written<VisitType>('POST', '/visit-types', body);
export const editType = (id: string, body: VisitTypeIn, etag: string) => written<VisitType>('PATCH', `/visit-types/${id}`, body, etag);
export const moveType = (id: string, out: boolean) =>
  written<VisitType>('POST', `/visit-types/${id}/${out ? 'retirement' : 'restoration'}`);

export const readSettings = (site_id: string) => read<VisitSettingsIn>(`/sites/${site_id}/visit-settings`);
export const writeSettings = (site_id: string, body: VisitSettingsIn, etag: string) =>
  written<VisitSettingsIn>('PUT', `/sites/${site_id}/visit-settings`, body, etag);
export const readDelegate = (person_id: string) => read<Delegate>(`/people/${person_id}/delegate`);
export const writeDelegate = (person_id: string, body: Delegate, etag: string) =>
  written<Delegate>('PUT', `/people/${person_id}/delegate`, body, etag);
