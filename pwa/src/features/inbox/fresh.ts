import { PUSH_NEWS } from '../../offline/names';

const EVERY_MS = 60_000;

/** Ask again when a push came, when the page is looked at again, and every minute meanwhile. Returns how to stop. */
export function keepFresh(ask: () => void): () => void {
  const seen = () => document.visibilityState === 'visible' && ask();
  const told = (event: MessageEvent) => (event.data as { is?: string } | null)?.is === PUSH_NEWS && ask();
  const turn = setInterval(seen, EVERY_MS);
  document.addEventListener('visibilitychange', seen);
  navigator.serviceWorker?.addEventListener('message', told);
  return () => {
    clearInterval(turn);
    document.removeEventListener('visibilitychange', seen);
    navigator.serviceWorker?.removeEventListener('message', told);
  };
}
