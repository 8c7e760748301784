/** This browser's side of pushes: whether it can, whether it may, and telling the server of its address. */
import { pushKey, subscribe, subscriptions, unsubscribe } from '../api/messaging';
import { browserName } from '../app/browser';
import { keep, kept } from '../offline/snapshot';

/**
 * - `insecure`: no HTTPS. `install`: an iPhone takes pushes only for an app on its home screen. `unable`: this browser cannot.
 * - `ask`: the person may be asked. `denied`: they, or their employer's settings, said no. `on` and `off` here.
 */
export type Standing = 'insecure' | 'install' | 'unable' | 'ask' | 'denied' | 'on' | 'off';

/** What a page knows of its browser; a parameter for tests. */
export interface Browser {
  secure: boolean;
  worker: boolean;
  push: boolean;
  permission: NotificationPermission | null;
  apple: boolean;
  installed: boolean;
  subscribed: boolean;
}

/** How it stands, without asking anybody. */
export function standingOf({ secure, worker, push, permission, apple, installed, subscribed }: Browser): Standing {
  if (!secure) return 'insecure';
  if (apple && !installed) return 'install';
  if (!worker || !push || permission === null) return 'unable';
  if (permission === 'denied') return 'denied';
  if (permission === 'default') return 'ask';
  return subscribed ? 'on' : 'off';
}

/** An iPad says it is a Mac, but Macs have no touch screen. */
const isApple = () =>
  /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

async function registration(): Promise<ServiceWorkerRegistration | null> {
  return (await navigator.serviceWorker?.getRegistration().catch(() => undefined)) ?? null;
}

export async function look(): Promise<Standing> {
  const worker = await registration();
  const known = await worker?.pushManager?.getSubscription().catch(() => null);
  return standingOf({
    secure: globalThis.isSecureContext,
    worker: 'serviceWorker' in navigator,
    push: 'PushManager' in globalThis,
    permission: 'Notification' in globalThis ? Notification.permission : null,
    apple: isApple(),
    installed: matchMedia('(display-mode: standalone)').matches,
    subscribed: Boolean(known),
  });
}

const MARK = 'push';

/** Which of the person's browsers this is; null: none of them. Kept with what is theirs, so that signing out forgets it. */
export const thisBrowser = (): Promise<string | null> => kept<string>(MARK);

/** Why there is no subscription: the person said no, or the browser's push service gave none. */
export class NoPush extends Error {
  constructor(readonly why: 'denied' | 'service') {
    super(why);
  }
}

const PATIENCE_MS = 15_000;

/** Ask the browser's leave, and tell the server where to push. After a tap only. Throws `NoPush`, `Failure`. */
export async function turnOn(): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') throw new NoPush('denied');
  const { public_key } = await pushKey();
  const worker = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(public_key) };
  const before = await worker.pushManager.getSubscription();
  if (before && !sameKey(before, options.applicationServerKey)) await before.unsubscribe();
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new NoPush('service')), PATIENCE_MS));
  const subscription = await Promise.race([worker.pushManager.subscribe(options), late]).catch((error: unknown) => {
    throw error instanceof NoPush ? error : new NoPush('service');
  });
  await tellServer(subscription);
}

/** No more pushes here: the server forgets it, then the browser. */
export async function turnOff(id: string): Promise<void> {
  await unsubscribe(id);
  if (id !== (await thisBrowser())) return;
  await keep(MARK, null);
  await (await (await registration())?.pushManager?.getSubscription())?.unsubscribe();
}

let renewed = false;

/**
 * Once for each load of the page: the browser may have got another address meanwhile, and the server forgets it with the session that made it.
 * Quietly: nothing is asked, and what fails is tried with the next load.
 */
export async function renewPush(): Promise<void> {
  if (renewed) return;
  try {
    if ((await thisBrowser()) === null || Notification.permission !== 'granted') return;
    const subscription = await (await registration())?.pushManager.getSubscription();
    if (subscription) await tellServer(subscription);
    renewed = true;
  } catch {
    // No network, or no push service.
  }
}

/** The person's browsers, and which of them this is: one that the server let go of is not this one any more. */
export async function browsers() {
  const found = await subscriptions();
  const here = await thisBrowser();
  return { found, here: found.some((one) => one.id === here) ? here : null };
}

async function tellServer(subscription: PushSubscription): Promise<void> {
  const { endpoint = '', keys = {} } = subscription.toJSON();
  const browser = browserName(navigator.userAgent) ?? '';
  const made = await subscribe({ endpoint, p256dh: keys['p256dh'] ?? '', auth: keys['auth'] ?? '', browser });
  await keep(MARK, made.id).catch(() => undefined); // no room: it is listed all the same
}

/** Base64url as bytes. */
export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
}

function sameKey(subscription: PushSubscription, key: Uint8Array): boolean {
  const known = subscription.options.applicationServerKey;
  return known !== null && new Uint8Array(known).every((byte, at) => byte === key[at]);
}
