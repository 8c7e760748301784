/** What tabs and the service worker tell each other. A lost message costs a late refresh, nothing else. */

export type News = { is: 'outbox' } | { is: 'snapshot'; owner: string; name: string } | { is: 'wiped' } | { is: 'owner' };

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('muster');
const ears = new Set<(news: News) => void>();
channel?.addEventListener('message', (event: MessageEvent<News>) => {
  for (const ear of ears) ear(event.data);
});

/** To all others, and to ourselves. */
export function tell(news: News): void {
  channel?.postMessage(news);
  for (const ear of ears) ear(news);
}

/** Hear what is told here and elsewhere. Returns how to stop. */
export function hear(ear: (news: News) => void): () => void {
  ears.add(ear);
  return () => void ears.delete(ear);
}
