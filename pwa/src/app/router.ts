/**
 * Addresses, by the history API:
 * 1. `at` is where we are. Every link of our own origin and `navigate` change it without loading a page; Back and Forward too.
 * 2. `match` finds the route of an address. Its screen and its words are fetched; until they are here the old screen stays.
 * 3. Then the new screen is shown, the page scrolls to where it was (or to the top), and the heading gets the focus.
 */
import { computed, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import type { IconName } from '../ui';

export interface ScreenProps {
  /** Of the path: `/geofences/:fence_id` gives `fence_id`. */
  params: Readonly<Record<string, string>>;
}

export interface Route {
  /** Parts that begin with a colon match anything. */
  path: string;
  load: () => Promise<{ default: ComponentType<ScreenProps> }>;
  /** An action of docs/authority.md that the roles must allow, to one's `own` or to `all`. */
  needs?: readonly [action: string, how: 'own' | 'all'];
  /** Of several one is enough. */
  module?: string | readonly string[];
  /** In the navigation: its word in `app/words` and its picture. `bar`: always in sight on a phone, as far as four fit; `first`: of these it never gives way. */
  nav?: { word: string; icon: IconName; part: 'mine' | 'work' | 'setup'; bar?: boolean; first?: boolean };
}

export interface Place {
  path: string;
  query: URLSearchParams;
}

const here = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) });
const current = signal<Place>(here());
/** Where we are. */
export const at = computed(() => current.value);

const plain = (path: string) => (path.length > 1 ? path.replace(/\/+$/, '') : path);

/** The parameters when a path is one of this pattern, else null. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = plain(pattern).split('/');
  const given = plain(path).split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [place, part] of wanted.entries()) {
    const found = given[place] ?? '';
    if (part.startsWith(':')) {
      if (!found) return null;
      params[part.slice(1)] = decoded(found);
    } else if (part !== found) return null;
  }
  return params;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The first route of a path. */
export function match<R extends { path: string }>(routes: readonly R[], path: string): { route: R; params: Record<string, string> } | null {
  for (const route of routes) {
    const params = matchPath(route.path, path);
    if (params) return { route, params };
  }
  return null;
}

/** Go somewhere within the app. `replace` leaves no trace in the history. */
export function navigate(href: string, { replace = false } = {}): void {
  history.replaceState({ scroll: scrollY }, '');
  history[replace ? 'replaceState' : 'pushState']({ scroll: 0 }, '', href);
  current.value = here();
}

/** Change the query only (filters, tabs): null or the empty string takes a field out. No new step in the history, no new screen. */
export function setQuery(changes: Record<string, string | null>): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  history.replaceState(history.state, '', query.size ? `?${query}` : location.pathname);
  current.value = here();
}

/** Where the page was scrolled to when it was left. */
export const scrollOfHistory = (): number => (history.state as { scroll?: number } | null)?.scroll ?? 0;

function followed(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const elsewhere = link.origin !== location.origin || link.pathname.startsWith('/api/') || link.target || link.hasAttribute('download');
  if (elsewhere || (link.hash && link.pathname === location.pathname)) return;
  event.preventDefault();
  if (link.href !== location.href) navigate(link.href);
}

/** Take over links and the history. Once, at the start. */
export function startRouter(): void {
  history.scrollRestoration = 'manual';
  document.addEventListener('click', followed);
  addEventListener('popstate', () => (current.value = here()));
}
