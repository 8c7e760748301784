import { useSignal } from '@preact/signals';
import { Confirmation, Dialog, Icon, Toasts } from '../ui';
import { Bars } from './bars';
import { Outlet } from './outlet';
import type { Route } from './router';
import { isHere, navigation } from './routes';
import { me } from './session';
import { t } from './t';

/** So many screens fit beside "Menu" at the foot of a phone. */
const IN_BAR = 4;
const PARTS = ['mine', 'work', 'setup'] as const;

function NavLink({ route, onGo }: { route: Route; onGo?: () => void }) {
  if (!route.nav) return null;
  return (
    <a href={route.path} aria-current={isHere(route) ? 'page' : undefined} onClick={onGo}>
      <Icon name={route.nav.icon} />
      <span>{t().nav[route.nav.word]}</span>
    </a>
  );
}

/** All screens in their parts: beside the page on a desk, in the menu on a phone. */
function NavList({ onGo }: { onGo?: () => void }) {
  return (
    <>
      {PARTS.map((part) => {
        const routes = navigation().filter((route) => route.nav?.part === part);
        return (
          routes.length > 0 && (
            <div class="nav-part" key={part}>
              <h2>{t().parts[part]}</h2>
              {routes.map((route) => (
                <NavLink key={route.path} route={route} {...(onGo && { onGo })} />
              ))}
            </div>
          )
        );
      })}
    </>
  );
}

/** The few screens that a thumb must reach at once, and the menu with all of them. */
function NavBar() {
  const open = useSignal(false);
  const all = navigation();
  const wanted = all.filter((route) => route.nav?.bar);
  const fits = [...wanted.filter((route) => route.nav?.first), ...wanted.filter((route) => !route.nav?.first)].slice(0, IN_BAR);
  const inBar = wanted.filter((route) => fits.includes(route));
  const shown = inBar.length > 0 ? inBar : all.slice(0, IN_BAR);
  return (
    <nav class="nav-bar" aria-label={t().menu}>
      {shown.map((route) => (
        <NavLink key={route.path} route={route} />
      ))}
      {all.length > shown.length && (
        <button type="button" onClick={() => (open.value = true)}>
          <Icon name="menu" />
          <span>{t().menu}</span>
        </button>
      )}
      {open.value && (
        <Dialog title={t().menu} onClose={() => (open.value = false)}>
          <div class="nav-list">
            <NavList onGo={() => (open.value = false)} />
          </div>
        </Dialog>
      )}
    </nav>
  );
}

function Head() {
  const organization = me.value?.organizations.find((known) => known.id === me.value?.organization_id);
  return (
    <header class="app-head">
      <a href="/" class="brand">
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M12 3a7 7 0 0 1 7 7c0 5-7 11-7 11S5 15 5 10a7 7 0 0 1 7-7zM9 10l2.2 2.2L15.2 8" />
        </svg>
        <span>{organization?.name ?? 'Muster'}</span>
      </a>
      <a href="/account" class="who">
        <span class="unseen">{t().nav['account']}</span>
        <span>{me.value?.name ?? me.value?.sign_in_name}</span>
        <Icon name="person" />
      </a>
    </header>
  );
}

/** Everything around a screen, for somebody signed in. */
export function Shell() {
  return (
    <div class="app">
      <a class="skip" href="#main">
        {t().skip}
      </a>
      <Head />
      <nav class="nav-side nav-list" aria-label={t().menu}>
        <NavList />
      </nav>
      <div class="app-body">
        <Bars />
        <main id="main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <NavBar />
      <Confirmation />
      <Toasts />
    </div>
  );
}
