/**
 * How a request reaches the server, in order:
 * 1. A write carries the CSRF token, fetched when it is first needed and again when the server refuses an old one.
 * 2. It has `TIMEOUT_MS` to answer.
 * 3. 401 while somebody is signed in: the session ended in the middle of work. The request waits for the sign-in dialog, then goes out again:
 *    nothing typed is lost. The dialog belongs to `app`, which hands itself in by `onSignedOut`.
 * 4. `answer(...)` gives the data, or throws a `Failure` that `explain` turns into words. A request that its caller aborted throws AbortError.
 */
import createClient from 'openapi-fetch';
import { heard as learnTime } from '../offline/clock';
import { heard, unheard } from './connection';
import { Failure, failureFrom, failureOf } from './failure';
import type { paths } from './schema';

const TIMEOUT_MS = 20_000;
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const SESSION = '/api/v1/session';
/** Here 401 may also mean that the password typed in is wrong. */
const PROOFS = new Set(['/api/v1/password', '/api/v1/session/accounts']);

let token: string | null = null;
let signInAgain: () => Promise<boolean> = () => Promise.resolve(false);

/** The token of a session that just began; null when it ended. */
export function setCsrfToken(next: string | null): void {
  token = next;
}

/** Who asks for the password when the session has ended. Resolves to whether there is a session again. */
export function onSignedOut(ask: () => Promise<boolean>): void {
  signInAgain = ask;
}

async function csrfToken(): Promise<string> {
  const response = await fetch('/api/v1/csrf-token', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw failureOf(response, null);
  token = ((await response.json()) as { csrf_token: string }).csrf_token;
  return token;
}

async function once(request: Request): Promise<Response> {
  const headers = new Headers(request.headers);
  if (!SAFE.has(request.method)) headers.set('X-CSRF-Token', token ?? (await csrfToken()));
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const asked_ms = Date.now();
    const response = await fetch(new Request(request.clone(), { headers, signal }));
    learnTime(response, asked_ms);
    heard();
    return response;
  } catch (error) {
    if (!request.signal.aborted) unheard();
    throw error;
  }
}

async function hasEnded(request: Request, response: Response): Promise<boolean> {
  const path = new URL(request.url).pathname;
  if (response.status !== 401 || path === SESSION) return false;
  return !PROOFS.has(path) || (await fetch(SESSION, { signal: AbortSignal.timeout(TIMEOUT_MS) })).status === 401;
}

async function isCsrfRefused(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  const body = (await response
    .clone()
    .json()
    .catch(() => null)) as { type?: string } | null;
  return body?.type === '/problems/csrf-refused';
}

/** `fetch` with steps 1 to 3. For what openapi-fetch cannot do (downloads, streams); everything else uses `api`. */
export async function send(request: Request): Promise<Response> {
  let response = await once(request);
  if (await isCsrfRefused(response)) {
    token = null;
    response = await once(request);
  }
  if ((await hasEnded(request, response)) && (await signInAgain())) response = await once(request);
  return response;
}

/** Every route of the server, typed: `api.GET('/api/v1/sites', { params: { query: { limit: 50 } } })`. */
export const api = createClient<paths>({ baseUrl: typeof location === 'undefined' ? 'http://server' : location.origin, fetch: send });

interface Fetched<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

async function fetched<T>(request: Promise<Fetched<T>>): Promise<Fetched<T>> {
  const found = await request.catch((error: unknown) => {
    throw failureFrom(error);
  });
  if (!found.response.ok) throw failureOf(found.response, found.error);
  if (found.data === undefined && found.response.status !== 204) throw new Failure('nonsense', null, found.response.status);
  return found;
}

/** The data of an answer: `const page = await answer(api.GET('/api/v1/sites'))`. Throws `Failure`. */
export async function answer<T>(request: Promise<Fetched<T>>): Promise<T> {
  return (await fetched(request)).data as T;
}

/** The data, and the ETag that an edit of it sends as If-Match. Throws `Failure`. */
export async function tagged<T>(request: Promise<Fetched<T>>): Promise<{ value: T; etag: string }> {
  const { data, response } = await fetched(request);
  return { value: data as T, etag: response.headers.get('ETag') ?? '' };
}

/** All pages of a list, one after the other. `fetchPage` gets the cursor of the next page. Throws `Failure`. */
export async function everyPage<T>(
  fetchPage: (cursor: string | undefined) => Promise<{ items: T[]; next_cursor?: string | null }>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await fetchPage(cursor);
    items.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return items;
}
