import type { ComponentChildren } from 'preact';
import { Button, Notice } from '../../ui';
import { trouble, wipe } from './flow';
import { t as visit } from './visit/words';
import { t } from './words';

/** What went wrong, in words and with what to do. */
export function Troubles() {
  const now = trouble.value;
  if (!now) return null;
  const { title, text } = { ...t().trouble, ...visit().trouble }[now.is];
  return (
    <Notice tone="bad" title={title}>
      {typeof text === 'string' ? text : text(now.wait_s ?? 0)}
    </Notice>
  );
}

/** One step of the way: its heading, what went wrong, what to do, and the way back. */
export function StepFrame({ title, back, children }: { title: string; back?: string | undefined; children: ComponentChildren }) {
  return (
    <div class="step">
      <h1 tabIndex={-1}>{title}</h1>
      <Troubles />
      {children}
      <Button look="quiet" icon="arrowLeft" onClick={wipe}>
        {back ?? t().back}
      </Button>
    </div>
  );
}
