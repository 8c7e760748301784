/** From the server's answer to the outcome of an attempt. Pure. */
import type { Held, Outcome, Problem } from './machine';

/** An answer, read. `json` is undefined when the body was no JSON. */
export interface Answered {
  status: number;
  json: unknown;
  after_s: number | null;
}

/** `answer` of an accepted outcome is not sealed yet: the caller does that. */
export type Verdict = Exclude<Outcome, { is: 'accepted' }> | { is: 'accepted' };

export type Later = Extract<Outcome, { is: 'later' }>;

/** The server was not reached, or not heard. */
export const SILENCE: Later = { is: 'later', held: 'network', problem: null, after_s: null, uncertain: true };

/** What an answer means. What does not speak our language (a hotel's sign-in page, a proxy's error) is not the server: later again. */
export function verdictOf({ status, json, after_s }: Answered): Verdict {
  const problem = isProblem(json) ? json : null;
  if (status >= 200 && status < 300) return json === undefined && status !== 204 ? later('network', null, null) : { is: 'accepted' };
  if (status === 413) return { is: 'refused', problem: problem ?? { type: '/problems/too-large', status } };
  if (!problem) return later(status >= 500 ? 'server' : 'network', null, after_s);
  if (status === 401 || problem.type === '/problems/password-change-required') return { is: 'sign_in', problem };
  // Sent again after so long that its answer is forgotten: it was done, once.
  if (problem.type === '/problems/already-done') return { is: 'accepted' };
  if (status === 409 || status === 412) return { is: 'conflict', problem };
  if (status === 429 || status === 408) return later('busy', problem, after_s);
  if (status >= 500 || problem.type === '/problems/csrf-refused') return later('server', problem, after_s);
  return { is: 'refused', problem };
}

function later(held: Held, problem: Problem | null, after_s: number | null): Later {
  return { is: 'later', held, problem, after_s, uncertain: held !== 'busy' };
}

/** One verdict for each item of a batch: `{"results": [{"index", "status", "reason", "detail"}, ...]}`. Undefined: the answer is no such list. */
export function verdictsOf(json: unknown, count: number): Verdict[] | undefined {
  const results = isObject(json) && Array.isArray(json['results']) ? (json['results'] as unknown[]) : [];
  const verdicts = new Array<Verdict | undefined>(count).fill(undefined);
  for (const one of results) if (isObject(one) && typeof one['index'] === 'number') verdicts[one['index']] = ofOne(one);
  return verdicts.every((verdict) => verdict !== undefined) && verdicts.length === count ? verdicts : undefined;
}

function ofOne(one: Record<string, unknown>): Verdict {
  if (one['status'] !== 'refused') return { is: 'accepted' };
  const detail = typeof one['detail'] === 'string' ? { detail: one['detail'] } : {};
  return { is: 'refused', problem: { type: String(one['reason']), ...detail } };
}

function isProblem(json: unknown): json is Problem {
  return isObject(json) && typeof json['type'] === 'string' && typeof json['status'] === 'number';
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
