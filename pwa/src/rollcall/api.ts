/** The roll call over HTTP. Every call throws `Failure`. Marks, notes, the start and the end go through the outbox. */
import { answer, api, type components, send } from '../api';
import { failureFrom, failureOf } from '../api/failure';
import type { AtHand, Entry, Line, RollCall } from './types';

interface Answered<T> {
  value: T;
  etag: string;
}

type Told = Omit<AtHand, 'people'> & { people: Omit<Entry, 'id'>[] };

/** Null: nothing changed since `etag`. Kept by nobody on the way: what the phone keeps is sealed. */
export async function readAtHand(etag: string | null): Promise<Answered<AtHand> | null> {
  const headers = new Headers(etag ? { 'If-None-Match': etag } : {});
  try {
    const response = await send(new Request(new URL('/api/v1/roll-call/snapshot', location.origin), { headers, cache: 'no-store' }));
    if (response.status === 304) return null;
    if (!response.ok) throw failureOf(response, await response.json().catch(() => null));
    const told = (await response.json()) as Told;
    const people = told.people.map((one) => ({ ...one, id: one.person_id ?? one.visit_id ?? '' }));
    return { value: { ...told, people }, etag: response.headers.get('ETag') ?? '' };
  } catch (error) {
    throw failureFrom(error);
  }
}

const call = (roll_call_id: string) => ({ path: { roll_call_id } });

export const readCall = (id: string): Promise<RollCall> => answer(api.GET('/api/v1/roll-calls/{roll_call_id}', { params: call(id) }));
export const readChanges = (id: string, after: number): Promise<RollCall> =>
  answer(api.GET('/api/v1/roll-calls/{roll_call_id}/changes', { params: { ...call(id), query: { after } } }));
export const readLines = (cursor?: string): Promise<{ items: Line[]; next_cursor?: string | null }> =>
  answer(api.GET('/api/v1/roll-calls', { params: { query: { ...(cursor && { cursor }) } } }));
export const reportAddress = (id: string, format: 'pdf' | 'csv'): string => `/api/v1/roll-calls/${id}/report?format=${format}`;

/** The code that hangs at a site's assembly point. */
export type AssemblyCode = components['schemas']['AssemblyCodeOut'];

const site = (site_id: string) => ({ params: { path: { site_id } } });
export const readAssemblyCode = (site_id: string): Promise<AssemblyCode> =>
  answer(api.GET('/api/v1/sites/{site_id}/assembly-code', site(site_id)));
/** A new code: posters that hang now are worthless from here on. */
export const renewAssemblyCode = (site_id: string): Promise<AssemblyCode> =>
  answer(api.POST('/api/v1/sites/{site_id}/assembly-code/renewal', site(site_id)));
