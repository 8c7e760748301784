/**
 * Who works with this app, in order:
 * 1. `begin`: whoever was signed in last is shown at once from what this device kept; meanwhile the server is asked. Without a network that stays.
 * 2. The server says nobody (401): the sign-in screen. It says somebody else than is shown: the app loads anew as that person.
 * 3. The session ends in the middle of work: `askAgain` opens a dialog over the screen and the request that noticed waits for it.
 * 4. Signing out wipes this device, ends the session on the server (without a network: as soon as there is one), and loads the app anew.
 *    Other tabs follow.
 */
import { computed, signal } from '@preact/signals';
import { answer, api, type components, isFailure } from '../api';
import { onSignedOut, setCsrfToken } from '../api/client';
import { chosenLanguage, firstSpoken, setLanguage, setZone } from '../i18n';
import * as device from '../offline/session';
import { snapshot } from '../offline/snapshot';
import { finishSignOut, signOut as wipeAndSignOut } from '../offline/wipe';

export type Me = components['schemas']['MeOut'];
/** `asking`: not known yet. `nobody`: the sign-in screen. `unknown`: not known, and the server cannot be asked. `member`: `me` is set. */
export type Standing = 'asking' | 'nobody' | 'unknown' | 'member';

export const standing = signal<Standing>('asking');
export const me = signal<Me | null>(null);
/** Why nobody could be asked; for the standing `unknown`. */
export const trouble = signal<unknown>(null);
/** The sign-in dialog is open over the screen. */
export const askingAgain = computed(() => waiting.value !== null);

/** Set while somebody is signed in here. Without it nobody is asked for at the start: the answer would be 401, and an error in the console. */
const MARK = 'session';
export const isMarked = () => localStorage.getItem(MARK) !== null;
const waiting = signal<{ again: Promise<boolean>; settle: (signedIn: boolean) => void } | null>(null);
/** The last answer about the session, for a start without a network. It is `me` that is kept: no request of its own. */
const kept = snapshot<Me>('session', () => (me.value ? Promise.resolve({ value: me.value }) : Promise.reject(new Error('nobody to keep'))));
const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('session');

/** Whether the roles allow an action of docs/authority.md; `all`: to everything, not only to what is one's own. */
export function may(action: string, how: 'own' | 'all' = 'own'): boolean {
  const scope = me.value?.may[action];
  return scope !== undefined && (how === 'own' || scope === 'all');
}

/** Whether a module is on for the organization. */
export const hasModule = (module: string): boolean => me.value?.modules.includes(module) ?? false;

const isSame = (a: Me, b: Me) =>
  a.organization_id === b.organization_id && a.person_id === b.person_id && a.sign_in_name === b.sign_in_name;

async function become(next: Me): Promise<void> {
  await device.signedIn(next, next.shared_computer);
  const before = me.peek();
  if (before && !isSame(before, next)) return location.reload();
  await show(next);
  await kept.refresh();
}

async function show(next: Me): Promise<void> {
  localStorage.setItem(MARK, '1');
  if (next.timezone) setZone(next.timezone);
  if (!chosenLanguage() && next.locale) await setLanguage(firstSpoken([next.locale]), { keep: false }).catch(() => undefined);
  me.value = next;
  standing.value = 'member';
}

/** Ask the server who this is. Throws `Failure`; 401 when it is nobody. */
export async function refresh(): Promise<void> {
  await become(await answer(api.GET('/api/v1/session')));
}

/** Find out who this is, first from what was kept. */
export async function begin(): Promise<void> {
  onSignedOut(askAgain);
  if (!(await finishSignOut()) || !isMarked()) return end();
  if ((await device.openLast().catch(() => null)) !== null) await kept.open();
  if (kept.value.peek()) await show(kept.value.peek() as Me);
  try {
    await refresh();
  } catch (error) {
    if (isFailure(error) && error.status === 401) await leave();
    else if (!me.peek()) {
      trouble.value = error;
      standing.value = 'unknown';
    }
  }
}

function end(): void {
  localStorage.removeItem(MARK);
  setCsrfToken(null);
  me.value = null;
  standing.value = 'nobody';
  waiting.peek()?.settle(false);
  waiting.value = null;
}

/** To the sign-in screen. What was queued stays on this device, sealed, for the same person. */
export async function leave(): Promise<void> {
  await device.nobody();
  end();
}

function askAgain(): Promise<boolean> {
  if (!me.peek()) return Promise.resolve(false);
  if (!waiting.peek()) {
    let settle: (signedIn: boolean) => void = () => undefined;
    const again = new Promise<boolean>((resolve) => (settle = resolve));
    waiting.value = { again, settle };
  }
  return waiting.peek()?.again ?? Promise.resolve(false);
}

export interface Credentials {
  sign_in: string;
  password: string;
  shared_computer: boolean;
}

/** Sign in, also when asked again. Throws `Failure`. */
export async function signIn(credentials: Credentials): Promise<void> {
  const begun = await answer(api.POST('/api/v1/session', { body: credentials }));
  await goOn(begun.csrf_token);
}

/** Choose a password of one's own. Throws `Failure`: 401 when the present one is wrong. */
export async function changePassword(current_password: string, new_password: string): Promise<void> {
  const begun = await answer(api.POST('/api/v1/password', { body: { current_password, new_password } }));
  await goOn(begun.csrf_token);
}

/** Go on in another organization of the same account; the app begins anew there. Throws `Failure`. */
export async function enterOrganization(slug: string): Promise<void> {
  await answer(api.POST('/api/v1/session/organization', { body: { organization: slug } }));
  history.replaceState(null, '', '/');
  tabs?.postMessage('changed');
  await refresh();
}

async function goOn(token: string): Promise<void> {
  setCsrfToken(token);
  await refresh();
  waiting.peek()?.settle(true);
  waiting.value = null;
  tabs?.postMessage('changed');
}

/** Sign out and forget everything on this device. */
export async function signOut(): Promise<void> {
  await wipeAndSignOut();
  tabs?.postMessage('changed');
  location.assign('/');
}

// Another tab signed in or out: the cookie is shared, so this tab may be somebody else now.
tabs?.addEventListener('message', () => {
  const asked = waiting.peek();
  refresh()
    .then(() => {
      asked?.settle(true);
      waiting.value = null;
    })
    .catch(() => location.reload());
});
