import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon';

/** `primary` once on a screen; `danger` for what cannot be taken back; `quiet` beside content; the default for the rest. */
export type Look = 'primary' | 'danger' | 'quiet' | 'plain';

interface Shared {
  children?: ComponentChildren;
  look?: Look;
  icon?: IconName;
  /** The name of a button that shows only its icon. */
  label?: string;
  wide?: boolean;
}

export interface ButtonProps extends Shared {
  type?: 'button' | 'submit';
  /** Being done: says so, and takes no second press. */
  busy?: boolean;
  disabled?: boolean;
  pressed?: boolean;
  /** Opens a menu or a panel: whether it is open, and its id. */
  popup?: { open: boolean; controls: string };
  onClick?: (event: MouseEvent) => void;
}

const classes = ({ look = 'plain', label, children, wide }: Shared) =>
  ['button', look, label && !children ? 'only-icon' : '', wide ? 'wide' : ''].filter(Boolean).join(' ');

export function Button({ type = 'button', busy = false, disabled = false, pressed, popup, onClick, ...shared }: ButtonProps) {
  return (
    <button
      type={type}
      class={classes(shared)}
      aria-label={shared.label}
      title={shared.children ? undefined : shared.label}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      aria-pressed={pressed}
      aria-expanded={popup?.open}
      aria-controls={popup?.open ? popup.controls : undefined}
      disabled={disabled}
      onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : shared.icon && <Icon name={shared.icon} />}
      {shared.children}
    </button>
  );
}

/** Goes somewhere: a link that looks like a button. */
export function ButtonLink({ href, download, ...shared }: Shared & { href: string; download?: string }) {
  return (
    <a href={href} download={download} class={classes(shared)} aria-label={shared.label}>
      {shared.icon && <Icon name={shared.icon} />}
      {shared.children}
    </a>
  );
}
