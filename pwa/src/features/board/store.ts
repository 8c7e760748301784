/**
 * One alert as it is known here:
 * 1. `alertOf(id)` is the last answer, kept on the device; the news since has its numbers and stage, and is shown at once.
 * 2. News also asks the server again, at most every `ASK_MS`: who answered what is in no event.
 * 3. A broken line is made up for by asking every `BROKEN_MS`; a sound one every `SOUND_MS`, since an event may have been missed.
 */
import { signal } from '@preact/signals';
import { type Alert, readAlert, type Tally } from '../../api/alerts';
import type { Stage } from '../../api/messaging-types';
import { line, listen, type News } from '../../live/stream';
import { snapshot, type Snapshot } from '../../offline/snapshot';

const ASK_MS = 1_500;
const BROKEN_MS = 10_000;
const SOUND_MS = 60_000;

export const alertOf = (id: string): Snapshot<Alert> => snapshot(`alerts/${id}`, async () => ({ value: await readAlert(id) }));

/** The answer with what the news says of it; the news only where it is the later of the two. */
export function withNews(alert: Alert, { body }: News): Alert {
  const { message, revision, stage, tally } = body;
  if (message !== alert.id || typeof revision !== 'number' || revision < alert.revision) return alert;
  return { ...alert, revision, stage: (stage as Stage | undefined) ?? alert.stage, tally: (tally as Tally | undefined) ?? alert.tally };
}

/** What is on the screen: an answer, and the news since. */
export const shown = signal<Alert | null>(null);
/** Goes up whenever the lists of people should be asked for again. */
export const turn = signal(0);

/** Keep `shown` up to date until the returned function is called. */
export function follow(id: string): () => void {
  const asked = alertOf(id);
  let asking: ReturnType<typeof setTimeout> | undefined;
  let askedAt = Date.now();
  const refresh = () => {
    askedAt = Date.now();
    clearTimeout(asking);
    asking = undefined;
    turn.value += 1;
    void asked.refresh();
  };
  const soon = () => (asking ??= setTimeout(refresh, Math.max(150, askedAt + ASK_MS - Date.now())));
  const onNews = (news: News) => {
    if (news.body['message'] !== id) return;
    if (shown.peek()) shown.value = withNews(shown.peek() as Alert, news);
    soon();
  };
  const unfollow = asked.value.subscribe((value) => {
    const before = shown.peek();
    if (!value || !before || value.id !== before.id || value.revision >= before.revision) shown.value = value;
  });
  const unlisten = listen({ kind: 'alert', onNews, onFresh: soon });
  void asked.open();
  const timer = setInterval(() => {
    const due_ms = line.peek() === 'live' ? SOUND_MS : BROKEN_MS;
    if (document.visibilityState === 'visible' && Date.now() - askedAt >= due_ms) refresh();
  }, BROKEN_MS / 4);
  const looked = () => document.visibilityState === 'visible' && refresh();
  document.addEventListener('visibilitychange', looked);
  return () => {
    document.removeEventListener('visibilitychange', looked);
    clearInterval(timer);
    clearTimeout(asking);
    unlisten();
    unfollow();
    shown.value = null;
  };
}
