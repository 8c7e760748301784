/** What pages ask for. A new worker waits until a person agrees, so no page changes under somebody's hands. */
import type { Order } from '../src/offline/names';
import { warmUp } from './cache';

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('message', (event) => {
  const order = event.data as Order;
  if (order.is === 'take_over') event.waitUntil(self.skipWaiting());
  if (order.is === 'warm') event.waitUntil(warmUp(order.urls).catch(() => undefined)); // asked again at the next start
});
