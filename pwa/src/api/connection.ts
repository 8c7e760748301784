import { signal } from '@preact/signals';

/** Whether answers come: `offline` the device says so itself; `unreachable` it has a network, yet the last request got no answer. */
export type Connection = 'online' | 'offline' | 'unreachable';

const first: Connection = typeof navigator !== 'undefined' && navigator.onLine === false ? 'offline' : 'online';
export const connection = signal<Connection>(first);
/** When an answer last came, in milliseconds; null before the first. */
export const heardAt = signal<number | null>(null);

export function heard(): void {
  heardAt.value = Date.now();
  connection.value = 'online';
}

export function unheard(): void {
  connection.value = navigator.onLine === false ? 'offline' : 'unreachable';
}

if (typeof addEventListener === 'function') {
  addEventListener('offline', unheard);
  // That there is a network does not say that the server answers: the next request will.
  addEventListener('online', () => (connection.value = 'online'));
}
