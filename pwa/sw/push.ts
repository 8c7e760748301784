/**
 * Pushes. Each shows exactly one notification; a press opens what it is about, in a window that is open already if there is one. When the
 * browser changes its subscription by itself, the server hears of it; without a network the inbox tells it later.
 */
import { browserName } from '../src/app/browser';
import { PUSH_NEWS } from '../src/offline/names';
import { noticeOf } from './notice';

declare const self: ServiceWorkerGlobalScope;

interface SubscriptionChange extends ExtendableEvent {
  readonly oldSubscription?: PushSubscription | null;
  readonly newSubscription?: PushSubscription | null;
}

self.addEventListener('push', (event) => event.waitUntil(show(event.data?.text() ?? null)));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open((event.notification.data as { url?: string } | null)?.url ?? '/inbox'));
});
self.addEventListener('pushsubscriptionchange', (event) => (event as SubscriptionChange).waitUntil(renew(event as SubscriptionChange)));

async function show(data: string | null): Promise<void> {
  const { title, options } = noticeOf(data, self.navigator.language);
  await self.registration.showNotification(title, options);
  for (const client of await self.clients.matchAll({ type: 'window' })) client.postMessage({ is: PUSH_NEWS });
}

async function open(url: string): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const app = windows.find((client) => !new URL(client.url).pathname.startsWith('/kiosk'));
  const there = await app?.navigate(url).catch(() => null);
  await (there ? there.focus() : self.clients.openWindow(url));
}

async function renew({ oldSubscription, newSubscription }: SubscriptionChange): Promise<void> {
  const key = oldSubscription?.options.applicationServerKey;
  const fresh =
    newSubscription ?? (key && (await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })));
  if (!fresh) return;
  const { endpoint, keys = {} } = fresh.toJSON();
  const token = (await (await fetch('/api/v1/csrf-token')).json()) as { csrf_token: string };
  await fetch('/api/v1/me/push-subscriptions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token.csrf_token },
    body: JSON.stringify({ endpoint, p256dh: keys['p256dh'], auth: keys['auth'], browser: browserName(self.navigator.userAgent) ?? '' }),
  });
}
