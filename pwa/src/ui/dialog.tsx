import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from './button';
import { t } from './t';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  /** Buttons at the foot, the main one last. */
  actions?: ComponentChildren;
  /** Cannot be closed without an answer: no cross, no Escape. */
  firm?: boolean;
  /** What lies beneath cannot be read meanwhile. */
  opaque?: boolean;
}

/** A modal dialog; it is open as long as it is rendered. The native element keeps the focus inside and gives it back. */
export function Dialog({ title, onClose, children, actions, firm = false, opaque = false }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      class={opaque ? 'opaque' : undefined}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!firm) onClose();
      }}
    >
      <header>
        <h2 id={id}>{title}</h2>
        {!firm && <Button look="quiet" icon="close" label={t().close} onClick={onClose} />}
      </header>
      <div class="stack">{children}</div>
      {actions && <footer class="actions">{actions}</footer>}
    </dialog>
  );
}

interface Question {
  title: string;
  text: ComponentChildren;
  action: string;
  danger?: boolean;
}

const asked = signal<(Question & { decide: (yes: boolean) => void }) | null>(null);

/** Ask before something is done: `if (await confirm({ title, text, action, danger: true })) ...`. */
export function confirm(question: Question): Promise<boolean> {
  asked.value?.decide(false);
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      decide: (yes) => {
        asked.value = null;
        resolve(yes);
      },
    };
  });
}

/** Where `confirm` shows its question; once in the shell. */
export function Confirmation() {
  const question = asked.value;
  if (!question) return null;
  const decide = question.decide;
  return (
    <Dialog
      title={question.title}
      onClose={() => decide(false)}
      actions={
        <>
          <Button onClick={() => decide(false)}>{t().cancel}</Button>
          <Button look={question.danger ? 'danger' : 'primary'} onClick={() => decide(true)}>
            {question.action}
          </Button>
        </>
      }
    >
      <p>{question.text}</p>
    </Dialog>
  );
}
