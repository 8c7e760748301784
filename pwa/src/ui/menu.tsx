import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Button, type Look } from './button';
import { Icon, type IconName } from './icon';
import { t } from './t';

export interface Action {
  label: string;
  icon?: IconName;
  danger?: boolean;
  run: () => void;
}

interface MenuProps {
  actions: readonly Action[];
  label?: string;
  icon?: IconName;
  look?: Look;
  children?: ComponentChildren;
}

const step = (list: HTMLElement, key: string) => {
  const items = [...list.querySelectorAll<HTMLElement>('[role=menuitem]')];
  const at = items.findIndex((item) => item === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[key];
  if (to !== undefined) items.at(to % items.length)?.focus();
  return to !== undefined;
};

/** A button with more to do behind it. Arrow keys, Escape, and a press elsewhere work as in any menu. */
export function Menu({ actions, label, icon = 'more', look = 'quiet', children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const wrapper = useRef<HTMLDivElement>(null);
  const id = useId();
  const button = () => wrapper.current?.querySelector('button');

  useEffect(() => {
    if (!open) return;
    wrapper.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const elsewhere = (event: Event) => {
      if (event.target instanceof Node && !wrapper.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', elsewhere);
    return () => document.removeEventListener('pointerdown', elsewhere);
  }, [open]);

  const pressed = (event: KeyboardEvent) => {
    if (!open || !(event.currentTarget instanceof HTMLElement)) return;
    if (event.key === 'Tab') return setOpen(false);
    if (event.key === 'Escape') {
      setOpen(false);
      button()?.focus();
    } else if (!step(event.currentTarget, event.key)) return;
    event.preventDefault();
  };

  const shown = { look, icon, ...(!children && { label: label ?? t().more }), onClick: () => setOpen(!open) };
  return (
    <div class="menu" ref={wrapper} onKeyDown={pressed}>
      <Button {...shown} popup={{ open, controls: id }}>
        {children}
      </Button>
      {open && (
        <div role="menu" id={id} aria-label={label ?? t().more}>
          {actions.map((action) => (
            <button
              key={action.label}
              type="button"
              role="menuitem"
              class={action.danger ? 'danger' : undefined}
              onClick={() => {
                setOpen(false);
                button()?.focus();
                action.run();
              }}
            >
              {action.icon && <Icon name={action.icon} />}
              {action.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
