import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { snapshot, type Snapshot } from '../offline/snapshot';

interface Part<T> {
  items: T[];
  next_cursor?: string | null;
}

export interface Pages<T> {
  /** Null: nothing is known yet. */
  items: readonly T[] | null;
  first: Snapshot<Part<T>>;
  /** What the last attempt to fetch more threw. */
  failure: unknown;
  /** Fetch the next page; null: there is none. */
  more: (() => Promise<void>) | null;
  busy: boolean;
  /** Begin again: something was changed. */
  reload: () => Promise<void>;
}

/** A list of which the first page is kept on the device and the others are asked for. `name`: the question with all its parameters. */
export function usePages<T>(name: string, read: (cursor: string | undefined) => Promise<Part<T>>): Pages<T> {
  const first = snapshot(name, async () => ({ value: await read(undefined) }));
  const later = useSignal<{ of: string; part: Part<T> } | null>(null);
  const failure = useSignal<unknown>(null);
  const busy = useSignal(false);
  useEffect(() => void first.open(), [name]);
  const mine = later.value?.of === name ? later.value.part : null;
  const next = mine ? mine.next_cursor : first.value.value?.next_cursor;
  const more = async () => {
    busy.value = true;
    failure.value = null;
    try {
      const part = await read(next ?? undefined);
      later.value = { of: name, part: { ...part, items: [...(mine?.items ?? []), ...part.items] } };
    } catch (error) {
      failure.value = error;
    }
    busy.value = false;
  };
  const start = first.value.value;
  return {
    items: start && [...start.items, ...(mine?.items ?? [])],
    first,
    failure: failure.value,
    more: next ? more : null,
    busy: busy.value,
    reload: async () => {
      later.value = null;
      await first.refresh();
    },
  };
}
