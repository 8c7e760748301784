import type { ComponentChildren } from 'preact';
import { Button } from './button';
import { Icon, type IconName } from './icon';
import { t } from './t';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'neutral';

const ICONS: Record<Tone, IconName> = { good: 'check', warn: 'alert', bad: 'alert', info: 'info', neutral: 'info' };

/** Something to know while reading on. `bad` is announced at once. */
export function Notice({
  tone = 'info',
  title,
  children,
  actions,
}: {
  tone?: Tone;
  title?: string;
  children?: ComponentChildren;
  actions?: ComponentChildren;
}) {
  return (
    <div class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : undefined} tabIndex={tone === 'bad' ? -1 : undefined}>
      <Icon name={ICONS[tone]} />
      <div class="stack tight">
        {title && <strong>{title}</strong>}
        {children && <div>{children}</div>}
        {actions && <div class="actions">{actions}</div>}
      </div>
    </div>
  );
}

/** How something stands, in a word; the tone never says it alone. */
export function Status({ tone = 'neutral', icon, children }: { tone?: Tone; icon?: IconName; children: ComponentChildren }) {
  return (
    <span class={`status ${tone}`}>
      {icon ? <Icon name={icon} /> : <span class="dot" aria-hidden="true" />}
      {children}
    </span>
  );
}

/** Nothing here, and what to do about it. */
export function Empty({
  icon = 'list',
  title,
  children,
  action,
}: {
  icon?: IconName;
  title: string;
  children?: ComponentChildren;
  action?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children && <p class="muted">{children}</p>}
      {action}
    </div>
  );
}

/** What went wrong, in words; `api`'s `explain` makes it. */
export interface Explained {
  title: string;
  next: string;
  code: string | null;
}

/** Nothing could be fetched, and there is nothing older to show. */
export function ErrorState({ explained, onRetry }: { explained: Explained; onRetry?: () => void }) {
  return (
    <div class="empty" role="alert">
      <Icon name="alert" />
      <h2>{explained.title}</h2>
      <p class="muted">{explained.next}</p>
      {explained.code && <code>{explained.code}</code>}
      {onRetry && (
        <Button icon="refresh" onClick={onRetry}>
          {t().retry}
        </Button>
      )}
    </div>
  );
}

/** What went wrong with a form, at its head. Spread `form.problem` into it. */
export function FormProblem({ explained }: { explained: Explained | null }) {
  if (!explained) return null;
  return (
    <Notice tone="bad" title={explained.title}>
      {explained.next}
      {explained.code && (
        <p>
          <code>{explained.code}</code>
        </p>
      )}
    </Notice>
  );
}

/** The shape of what is coming: so many lines. For the first load only; later the old stays until the new is there. */
export function Skeleton({ lines = 4 }: { lines?: number }) {
  return (
    <div class="skeleton" role="status" aria-label={t().loading}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} />
      ))}
    </div>
  );
}

/** Something goes on. With `done` (0 to 1) it says how far. */
export function Progress({ done, label }: { done?: number; label?: string }) {
  return <progress class={done === undefined ? 'running' : undefined} value={done} aria-label={label ?? t().loading} />;
}
