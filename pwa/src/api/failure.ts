import type { components } from './schema';

export type Problem = components['schemas']['Problem'];

/**
 * Why there is no answer:
 * - `offline`: this device has no network. `unreachable`: it has, but the server does not answer. `slow`: nothing came in time.
 * - `refused`: the server said no and why (`problem`). `broken`: it failed (5xx). `nonsense`: what came is not what our API says.
 */
export type FailureKind = 'offline' | 'unreachable' | 'slow' | 'refused' | 'broken' | 'nonsense';

/** The one error of the API client. Show it with `explain(failure)`. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly status: number;

  constructor(
    readonly kind: FailureKind,
    readonly problem: Problem | null = null,
    status = problem?.status ?? 0,
    /** How long to wait before the next try, when the server said so. */
    readonly retryAfter_s: number | null = null,
  ) {
    super(problem ? `${problem.type} ${status}` : `${kind} ${status}`);
    this.status = status;
  }

  /** The last part of the problem's type: `not-found`, `invalid`, `stale`; the empty string when there is no problem document. */
  get type(): string {
    return this.problem?.type.split('/').at(-1) ?? '';
  }

  /** Whether the same request may succeed later without anybody changing anything. */
  get mayPass(): boolean {
    return this.kind !== 'refused' || this.status === 429 || this.status === 401;
  }
}

export const isFailure = (error: unknown): error is Failure => error instanceof Failure;

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'type' in body && typeof body.type === 'string' && 'detail' in body && 'status' in body;

/** The failure that a response of status 400 or more stands for; `body` as far as it could be read. */
export function failureOf(response: Response, body: unknown): Failure {
  const problem = isProblem(body) ? body : null;
  const wait_s = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const kind = response.status >= 500 ? 'broken' : problem ? 'refused' : 'nonsense';
  return new Failure(kind, problem, response.status, Number.isFinite(wait_s) ? wait_s : null);
}

/** The failure that a thrown error stands for: `fetch` throws TypeError without a network, TimeoutError, SyntaxError for what is no JSON. */
export function failureFrom(error: unknown): Failure {
  if (isFailure(error)) return error;
  if (error instanceof DOMException && error.name === 'TimeoutError') return new Failure('slow');
  if (error instanceof SyntaxError) return new Failure('nonsense');
  if (error instanceof TypeError) return new Failure(navigator.onLine === false ? 'offline' : 'unreachable');
  throw error;
}
