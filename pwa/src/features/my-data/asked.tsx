import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import type { Snapshot } from '../../offline/snapshot';
import { ErrorState, Section, Skeleton } from '../../ui';
import { Updated } from '../../workday';

interface AskedProps<T> {
  title: string;
  about: string;
  /** Said when the list is empty. */
  none: string;
  of: Snapshot<T[]>;
  children: (found: readonly T[]) => ComponentChildren;
}

/** A list that is asked for: its four states, on a surface of its own. */
export function Asked<T>({ title, about, none, of, children }: AskedProps<T>) {
  useEffect(() => void of.open(), [of]);
  const found = of.value.value;
  const { value: failure } = of.failure;
  return (
    <Section
      title={title}
      about={about}
      actions={
        <span class="muted small">
          <Updated at={of.fetched_ms.value} />
        </span>
      }
    >
      {found && (found.length === 0 ? <p class="muted">{none}</p> : children(found))}
      {!found && (failure ? <ErrorState explained={explain(failure)} onRetry={() => void of.refresh()} /> : <Skeleton lines={3} />)}
    </Section>
  );
}
