/**
 * A form that edits one thing with If-Match. When somebody else was faster (412), what holds now is fetched: `theirs` says it at each field
 * that differs, and sending once more puts one's own in its place, knowingly.
 */
import { useSignal } from '@preact/signals';
import { isFailure } from '../api';

interface Tagged<T> {
  value: T;
  etag: string;
}

export interface Edit<T> {
  /** Send; throws what `send` throws. */
  save: (send: (etag: string) => Promise<unknown>) => Promise<void>;
  /** What holds now, after somebody was faster. */
  theirs: T | null;
}

export function useEdit<T>(etag: string, read: () => Promise<Tagged<T>>): Edit<T> {
  const now = useSignal<Tagged<T> | null>(null);
  return {
    theirs: now.value?.value ?? null,
    save: async (send) => {
      try {
        await send(now.value?.etag ?? etag);
      } catch (error) {
        if (isFailure(error) && error.status === 412) now.value = await read();
        throw error;
      }
    },
  };
}

/** Empty fields of a form are sent as null. */
export const orNull = (text: string): string | null => text.trim() || null;
