/** The page's side of the service worker: registering it, telling of a new version, fetching what is heavy when there is time. */
import { signal } from '@preact/signals';
import type { Order } from './names';

const LOOK_MS = 60 * 60_000;

/** `ready`: a new version waits for the person's word. `taken`: another tab took it, so this page should be loaded anew when it suits. */
export const update = signal<'none' | 'ready' | 'taken'>('none');

let registration: ServiceWorkerRegistration | null = null;
let agreed = false;

/** Register the worker. Without one (no HTTPS, a private window) the app works as long as there is a network. */
export async function startWorker(): Promise<void> {
  const container = globalThis.navigator?.serviceWorker as ServiceWorkerContainer | undefined;
  if (!container) return;
  let had = container.controller !== null;
  container.addEventListener('controllerchange', () => {
    if (agreed) location.reload();
    else if (had) update.value = 'taken';
    had = true;
  });
  registration = await container.register('/sw.js', { updateViaCache: 'none' }).catch(() => null);
  if (!registration) return;
  watch(registration);
  setInterval(look, LOOK_MS);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && look());
}

/** The person agreed: the new version takes over, and this page is loaded anew. */
export function takeUpdate(): void {
  agreed = true;
  if (registration?.waiting) order(registration.waiting, { is: 'take_over' });
  else location.reload();
}

/** Fetch the map and the like for later, and these files of ours, once the browser has nothing better to do; not when data is to be saved. */
export function warmWhenIdle(urls: readonly string[] = []): void {
  if ((navigator as { connection?: { saveData?: boolean } }).connection?.saveData) return;
  const ask = () => registration?.active && order(registration.active, { is: 'warm', urls });
  if ('requestIdleCallback' in globalThis) requestIdleCallback(ask, { timeout: 30_000 });
  else setTimeout(ask, 5_000);
}

function watch(found: ServiceWorkerRegistration): void {
  const offer = (worker: ServiceWorker | null) => {
    if (worker?.state === 'installed' && navigator.serviceWorker.controller) update.value = 'ready';
  };
  offer(found.waiting);
  found.addEventListener('updatefound', () => {
    const worker = found.installing;
    worker?.addEventListener('statechange', () => offer(worker));
  });
}

function look(): void {
  void registration?.update().catch(() => undefined);
}

function order(worker: ServiceWorker, what: Order): void {
  worker.postMessage(what);
}
