/** Undo and redo. Steps with the same mark, such as those of one drag, are one step. */
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  readonly mark: string | null;
}

const MOST = 500;

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [], mark: null });

/** The next step. With the mark of the step before it takes that one's place. */
export function record<T>(history: History<T>, present: T, mark: string | null = null): History<T> {
  if (present === history.present) return history;
  const goesOn = mark !== null && mark === history.mark;
  return { past: goesOn ? history.past : [...history.past, history.present].slice(-MOST), present, future: [], mark };
}

export function undo<T>(history: History<T>): History<T> {
  const [before] = history.past.slice(-1);
  if (before === undefined) return history;
  return { past: history.past.slice(0, -1), present: before, future: [history.present, ...history.future], mark: null };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...later] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future: later, mark: null };
}
