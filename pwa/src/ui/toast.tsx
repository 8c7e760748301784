import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from './button';
import { t } from './t';

interface Told {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
}

const STAYS_MS = 6_000;
const told = signal<readonly Told[]>([]);
let last = 0;

const drop = (id: number) => (told.value = told.value.filter((toast) => toast.id !== id));

/** Say that something was done. With an action (undo) it stays until it is closed. What went wrong is never told here: it belongs at its place. */
export function toast(text: string, action?: { label: string; run: () => void }): void {
  const id = ++last;
  told.value = [...told.value.slice(-2), { id, text, ...(action && { action }) }];
  if (!action) setTimeout(() => drop(id), STAYS_MS);
}

/** Where toasts appear; once in the shell. A popover, so that it lies above dialogs. */
export function Toasts() {
  const element = useRef<HTMLDivElement>(null);
  const any = told.value.length > 0;
  useEffect(() => {
    if (any) element.current?.showPopover();
    else element.current?.hidePopover();
  }, [any]);
  return (
    <div class="toasts" popover="manual" role="status" ref={element}>
      {told.value.map(({ id, text, action }) => (
        <div class="toast" key={id}>
          <span>{text}</span>
          {action && (
            <Button
              look="quiet"
              onClick={() => {
                drop(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <Button look="quiet" icon="close" label={t().close} onClick={() => drop(id)} />
        </div>
      ))}
    </div>
  );
}
