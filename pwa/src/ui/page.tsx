import type { ComponentChildren } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import { Icon } from './icon';
import { Progress } from './state';

const APP = typeof document === 'undefined' ? '' : document.title;

interface PageProps {
  title: string;
  /** One line below the title: what this is, or how old. */
  about?: ComponentChildren;
  /** Buttons beside the title. */
  actions?: ComponentChildren;
  /** The page above this one. */
  back?: { href: string; label: string };
  /** Something is being fetched while older things are shown. */
  busy?: boolean;
  /** As wide as the screen: maps and large tables. Others keep a readable width. */
  wide?: boolean;
  children: ComponentChildren;
}

/** One screen: its title (also the window's), and what is below. The router focuses the heading when it comes here. */
export function Page({ title, about, actions, back, busy = false, wide = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${APP}`;
  }, [title]);
  return (
    <div class={wide ? 'page wide' : 'page'}>
      {busy && <Progress />}
      <header class="page-head">
        {back && (
          <a class="back" href={back.href}>
            <Icon name="arrowLeft" /> {back.label}
          </a>
        )}
        <div class="row spread">
          <h1 tabIndex={-1}>{title}</h1>
          {actions && <div class="actions">{actions}</div>}
        </div>
        {about && <p class="muted">{about}</p>}
      </header>
      {children}
    </div>
  );
}

interface SectionProps {
  title?: string;
  about?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** A part of a page on a surface of its own. */
export function Section({ title, about, actions, children }: SectionProps) {
  const id = useId();
  return (
    <section class="section" aria-labelledby={title && id}>
      {title && (
        <div class="row spread">
          <h2 id={id}>{title}</h2>
          {actions && <div class="actions">{actions}</div>}
        </div>
      )}
      {about && <p class="muted">{about}</p>}
      {children}
    </section>
  );
}

/** Facts by name: a short list of what is known of one thing. Empty ones are left out. */
export function Facts({ of }: { of: readonly (readonly [name: string, value: ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {of
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
