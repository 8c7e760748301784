import { signal } from '@preact/signals';

const TICK_MS = 10_000;

/** The time on this device in milliseconds, every ten seconds while somebody looks. For what says how old it is. */
export const now = signal(Date.now());

const tick = () => {
  if (!document.hidden) now.value = Date.now();
};
if (typeof document !== 'undefined') {
  setInterval(tick, TICK_MS);
  document.addEventListener('visibilitychange', tick);
}
