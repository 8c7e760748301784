import { dictionary } from '../i18n';
import { isFailure, type Failure } from './failure';
import { inOurWords } from './server-words';

const t = dictionary({ en: () => import('./words.en'), nl: () => import('./words.nl') });

/** What to show of a failure: a headline, what to do next, the wrong fields, and a code for whoever runs the server. */
export interface Explanation {
  title: string;
  next: string;
  /** Field (`name`, `query.limit`) to what is wrong with it. */
  fields: ReadonlyMap<string, string>;
  code: string | null;
}

/** These details are about the very case; the others say less than our own words. */
const TELLING = new Set(['conflict', 'unauthorized', 'forbidden', 'file-refused']);

function headline(failure: Failure): { title: string; next: string } {
  const words = t();
  if (failure.kind !== 'refused')
    return failure.type === 'unavailable' ? (words.refused['unavailable'] ?? words.other) : words[failure.kind];
  const own = words.refused[failure.type] ?? words.other;
  if (failure.retryAfter_s) return { title: own.title, next: words.wait(failure.retryAfter_s) };
  const detail = failure.problem?.detail;
  return detail && (TELLING.has(failure.type) || own === words.other) ? { title: own.title, next: inOurWords(detail) } : own;
}

function fieldsOf(failure: Failure): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const wrong of failure.problem?.errors ?? []) {
    const said = [wrong.message, wrong.next_step ?? ''].map(inOurWords).filter(Boolean).join('. ');
    if (!fields.has(wrong.field)) fields.set(wrong.field, said.endsWith('.') ? said : `${said}.`);
  }
  return fields;
}

/** A failure in the language of the screen. Anything else than a `Failure` is a fault of ours and is thrown on. */
export function explain(error: unknown): Explanation {
  if (!isFailure(error)) throw error;
  const code = error.kind === 'broken' && error.problem ? t().code(error.problem.request_id) : null;
  return { ...headline(error), fields: fieldsOf(error), code };
}
