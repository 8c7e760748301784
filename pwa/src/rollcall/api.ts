/** The roll call over HTTP. Every call throws `Failure`. Marks, notes, the start and the end go through the outbox. */
import { send } from '../api';
import { failureFrom, failureOf } from '../api/failure';
import type { AtHand, Entry, Line, RollCall } from './types';

interface Answered<T> {
  value: T;
  etag: string;
}

/** Null: nothing changed since the ETag of `init`. Kept by nobody on the way: what the phone keeps is sealed. */
async function asked<T>(path: string, init: RequestInit): Promise<Answered<T> | null> {
  try {
    const response = await send(new Request(new URL(path, location.origin), { ...init, cache: 'no-store' }));
    if (response.status === 304) return null;
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok || body === null) throw failureOf(response, body);
    return { value: body as T, etag: response.headers.get('ETag') ?? '' };
  } catch (error) {
    throw failureFrom(error);
  }
}

const read = <T>(path: string, etag?: string | null) => asked<T>(path, { headers: new Headers(etag ? { 'If-None-Match': etag } : {}) });
const written = async <T>(path: string): Promise<T> => (await asked<T>(path, { method: 'POST' }))!.value;

export async function readAtHand(etag: string | null): Promise<Answered<AtHand> | null> {
  const found = await read<Omit<AtHand, 'people'> & { people: Omit<Entry, 'id'>[] }>('/api/v1/roll-call/snapshot', etag);
  if (!found) return null;
  const people = found.value.people.map((one) => ({ ...one, id: one.person_id ?? one.visit_id ?? '' }));
  return { ...found, value: { ...found.value, people } };
}

export const readCall = async (id: string): Promise<RollCall> => (await read<RollCall>(`/api/v1/roll-calls/${id}`))!.value;
export const readChanges = async (id: string, after: number): Promise<RollCall> =>
  (await read<RollCall>(`/api/v1/roll-calls/${id}/changes?after=${after}`))!.value;
export const readLines = async (cursor?: string) =>
  (await read<{ items: Line[]; next_cursor?: string | null }>(
    `/api/v1/roll-calls${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`,
  ))!.value;
export const reportAddress = (id: string, format: 'pdf' | 'csv'): string => `/api/v1/roll-calls/${id}/report?format=${format}`;

/** The code that hangs at a site's assembly point. */
export interface AssemblyCode {
  link: string;
  svg: string;
}

const site = (site_id: string) => `/api/v1/sites/${site_id}/assembly-code`;
export const readAssemblyCode = async (site_id: string): Promise<AssemblyCode> => (await read<AssemblyCode>(site(site_id)))!.value;
/** A new code: posters that hang now are worthless from here on. */
export const renewAssemblyCode = (site_id: string): Promise<AssemblyCode> => written<AssemblyCode>(`${site(site_id)}/renewal`);
