/**
 * One request with items of the outbox. Runs in tabs and in the service worker.
 *
 * A session's items go out only in their owner's session. The proof is the CSRF token: it is fetched first, then the session is asked whose
 * it is. Should somebody else sign in after that, the token no longer fits the cookie and the server refuses.
 */
import { heard } from './clock';
import { sealingKey } from './db';
import { KINDS } from './kinds';
import type { Item, Outcome } from './machine';
import { deviceToken, ownerOf } from './owner';
import { seal, unseal } from './seal';
import { type Answered, SILENCE, type Verdict, verdictOf, verdictsOf } from './verdict';

const TIMEOUT_MS = 20_000;
let proof: { owner: string; csrf: string } | null = null;

/** Send them in one request; an outcome for each. */
export async function send(items: readonly Item[], owner: string | null): Promise<Map<string, Outcome>> {
  const answered = await attempt(items, owner).catch(reasonOf);
  const key = await sealingKey();
  const outcomes = new Map<string, Outcome>();
  for (const [index, verdict] of verdicts(items, answered).entries()) {
    const item = items[index]!;
    const { batch, unkept } = KINDS[item.kind];
    const keep = verdict.is === 'accepted' && !batch && !unkept && 'json' in answered && answered.status < 300;
    const answer = keep ? await seal(key, answered.json ?? null) : null;
    outcomes.set(
      item.key,
      verdict.is === 'accepted' ? { is: 'accepted', answer, etag: 'etag' in answered ? answered.etag : null } : verdict,
    );
  }
  return outcomes;
}

type Tagged = Answered & { etag: string | null };
class Stop extends Error {
  constructor(readonly verdict: Verdict) {
    super(verdict.is);
  }
}

function reasonOf(error: unknown): Verdict {
  if (error instanceof Stop) return error.verdict;
  if (error instanceof DOMException && error.name === 'OperationError') return { is: 'refused', problem: { type: 'unreadable' } };
  return SILENCE; // fetch: no network; AbortSignal.timeout: no answer
}

function verdicts(items: readonly Item[], answered: Tagged | Verdict): Verdict[] {
  const whole = 'is' in answered ? answered : verdictOf(answered);
  if (whole.is === 'accepted' && KINDS[items[0]!.kind].batch && 'json' in answered) {
    const each = verdictsOf(answered.json, items.length);
    return each ?? items.map(() => SILENCE);
  }
  return items.map(() => whole);
}

async function attempt(items: readonly Item[], owner: string | null): Promise<Tagged> {
  const kind = KINDS[items[0]!.kind];
  const bodies = await Promise.all(items.map(bodyOf));
  const body = JSON.stringify(kind.batch ? { [kind.batch.list]: bodies } : bodies[0]);
  if (kind.as === 'device') return ask(items[0]!, body, await deviceHeaders(items[0]!.owner), 'omit');
  const answered = await ask(items[0]!, body, await sessionHeaders(owner), 'same-origin');
  if (verdictOf(answered).is === 'accepted' || (answered.json as { type?: string } | undefined)?.type !== '/problems/csrf-refused')
    return answered;
  proof = null; // another session began meanwhile: find out whose
  return ask(items[0]!, body, await sessionHeaders(owner), 'same-origin');
}

/** The same text at each attempt: the server compares. */
async function bodyOf(item: Item): Promise<Record<string, unknown>> {
  const kind = KINDS[item.kind];
  const key = await sealingKey();
  const [body, fleeting] = await Promise.all([item.body && unseal(key, item.body), item.fleeting && unseal(key, item.fleeting)]);
  const made = kind.at && item.at_ms !== null ? { [kind.at]: new Date(item.at_ms).toISOString() } : {};
  return { ...made, ...(body as object), ...(fleeting as object), ...(kind.key === 'header' ? {} : { [kind.key]: item.key }) };
}

async function ask(item: Item, body: string, credential: Record<string, string>, credentials: RequestCredentials): Promise<Tagged> {
  const kind = KINDS[item.kind];
  const headers: Record<string, string> = { 'Content-Type': 'application/json', Accept: 'application/json', ...credential };
  if (kind.key === 'header') headers['Idempotency-Key'] = item.key;
  if (item.if_match !== null) headers['If-Match'] = item.if_match;
  return read(kind.path.replace('{subject}', encodeURIComponent(item.subject ?? '')), { method: kind.method, headers, body, credentials });
}

async function read(path: string, init: RequestInit): Promise<Tagged> {
  const asked_ms = Date.now();
  const response = await fetch(path, { ...init, cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  heard(response, asked_ms);
  const after = Number(response.headers.get('Retry-After') ?? NaN);
  const json = parsed(await response.text());
  return { status: response.status, json, after_s: Number.isNaN(after) ? null : after, etag: response.headers.get('ETag') };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function deviceHeaders(owner: string): Promise<Record<string, string>> {
  const token = await deviceToken(owner);
  if (token === null) throw new Stop({ is: 'sign_in', problem: { type: 'not-enrolled' } });
  return { Authorization: `Bearer ${token}` };
}

async function sessionHeaders(owner: string | null): Promise<Record<string, string>> {
  if (proof?.owner !== owner) proof = await proved(owner);
  return { 'X-CSRF-Token': proof!.csrf };
}

/** The CSRF token of a session that is `owner`'s. */
async function proved(owner: string | null): Promise<{ owner: string; csrf: string }> {
  const token = (await known('/api/v1/csrf-token')) as { csrf_token: string };
  const whose = ownerOf((await known('/api/v1/session')) as { organization_id: number | null; person_id: string | null });
  if (whose === null || whose !== owner) throw new Stop({ is: 'sign_in', problem: null });
  return { owner: whose, csrf: token.csrf_token };
}

/** An answer that is needed before anything is sent: without it nothing was. */
async function known(path: string): Promise<unknown> {
  const answered = await read(path, {}).catch(() => null);
  const verdict = answered ? verdictOf(answered) : SILENCE;
  if (verdict.is === 'accepted') return answered?.json;
  throw new Stop(verdict.is === 'sign_in' ? verdict : { ...(verdict.is === 'later' ? verdict : SILENCE), uncertain: false });
}
