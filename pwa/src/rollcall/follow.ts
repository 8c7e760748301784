/** Keep one roll call up to date while it is looked at: news asks for what is new, a broken line is made up for by asking every few seconds. */
import { line, listen } from '../live/stream';
import { entries, whenAccepted } from '../offline/outbox';
import { callOf, ownOf } from './store';

const ASK_MS = 700;
const BROKEN_MS = 10_000;
const SOUND_MS = 60_000;

/** Whether the server was not told yet that there is such a roll call: then it is not asked about it. */
export const isUntold = (id: string): boolean =>
  entries.peek().some((entry) => entry.kind === 'roll_call_start' && entry.key === id && entry.state !== 'accepted');

/** Returns how to stop. */
export function follow(id: string): () => void {
  const asked = callOf(id);
  let asking: ReturnType<typeof setTimeout> | undefined;
  let askedAt = 0;
  const refresh = () => {
    askedAt = Date.now();
    clearTimeout(asking);
    asking = undefined;
    if (!isUntold(id)) void asked.refresh();
  };
  const soon = () => (asking ??= setTimeout(refresh, Math.max(50, askedAt + ASK_MS - Date.now())));
  const isOurs = (kind: string, subject: string | null) => kind.startsWith('roll_call') && subject === id;
  let waiting = 0;
  const stops = [
    listen({
      kind: 'roll_call',
      onNews: ({ body }) => void ([id, asked.value.peek()?.id].includes(String(body['roll_call'])) && soon()),
      onFresh: soon,
    }),
    whenAccepted(['roll_call_start', 'roll_call_note', 'roll_call_end'], soon),
    entries.subscribe((all) => {
      const now = all.filter(({ kind, subject, state }) => isOurs(kind, subject) && state !== 'accepted').length;
      if (now < waiting) soon();
      waiting = now;
    }),
  ];
  ownOf(id);
  if (!isUntold(id)) void asked.open();
  askedAt = Date.now();
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
    for (const stop of stops) stop();
  };
}
