/**
 * Presence as it is known here:
 * 1. `board(group)` is the last answer, kept on the device, with the news since in it (`shown`).
 * 2. News that says too little (a new name, a withdrawal) asks the server again, at most every `ASK_MS`: an answer about ten thousand people is large.
 * 3. A silence has no event, so it is asked for every minute; every 15 seconds when the line is broken.
 */
import { signal } from '@preact/signals';
import { answer, api, everyPage } from '../../api';
import { line, listen, type News } from '../../live/stream';
import { snapshot, type Snapshot } from '../../offline/snapshot';
import { type Presence, withNews } from './board';

const ASK_MS = 3_000;
const SILENCE_MS = 60_000;
const BROKEN_MS = 15_000;

export const board = (group_id: string): Snapshot<Presence> =>
  snapshot(`presence/${group_id}`, async () => ({
    value: await answer(api.GET('/api/v1/presence', { params: { query: group_id ? { group_id } : {} } })),
  }));

export const groups = () =>
  snapshot('groups', async () => ({
    value: await everyPage((cursor) => answer(api.GET('/api/v1/groups', { params: { query: { limit: 200, ...(cursor && { cursor }) } } }))),
  }));

/** What is on the screen: an answer, and the news since. */
export const shown = signal<Presence | null>(null);
/** Who last came in or left, to be said aloud. */
export const last = signal<{ person: string; fence: string; isInside: boolean } | null>(null);

function tellOf(before: Presence, after: Presence, { person_id, body }: News): void {
  const isInside = body['standing'] === 'inside';
  const fence = (isInside ? after : before).fences.find((one) => one.fence_id === body['fence']);
  const person = fence?.people.find((one) => one.person_id === person_id);
  if (fence && person) last.value = { person: person.name, fence: fence.name, isInside };
}

/** Keep `shown` up to date until the returned function is called. */
export function follow(group_id: string): () => void {
  const asked = board(group_id);
  let asking: ReturnType<typeof setTimeout> | undefined;
  let askedAt = 0;
  const refresh = () => {
    askedAt = Date.now();
    clearTimeout(asking);
    asking = undefined;
    void asked.refresh();
  };
  const soon = () => (asking ??= setTimeout(refresh, Math.max(250, askedAt + ASK_MS - Date.now())));
  const onNews = (news: News) => {
    const before = shown.peek();
    // Of a group we are not told who is in it: only those who are shown already can be moved.
    const after = before && (!group_id || isShown(before, news.person_id)) ? withNews(before, news) : null;
    if (!before || !after) return void soon();
    tellOf(before, after, news);
    shown.value = after;
  };
  const unfollow = asked.value.subscribe((value) => (shown.value = value));
  const unlisten = listen({ kind: 'presence', onNews, onFresh: soon });
  void asked.open();
  askedAt = Date.now();
  const timer = setInterval(() => {
    const due_ms = line.peek() === 'live' ? SILENCE_MS : BROKEN_MS;
    if (document.visibilityState === 'visible' && Date.now() - askedAt >= due_ms) refresh();
  }, BROKEN_MS / 3);
  return () => {
    clearInterval(timer);
    clearTimeout(asking);
    unlisten();
    unfollow();
    shown.value = last.value = null;
  };
}

const isShown = (presence: Presence, person_id: string | null) =>
  presence.fences.some((fence) => fence.people.some((one) => one.person_id === person_id));
