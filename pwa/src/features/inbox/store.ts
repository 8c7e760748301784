/** The messages and alerts of whoever is signed in, their answers, and what they have opened on this device. */
import { computed, signal } from '@preact/signals';
import { everyPage } from '../../api';
import { type MineOut, myAlerts, myMessages, type ReplyKind } from '../../api/messaging';
import { hasModule } from '../../app/session';
import { entries, type Entry, write } from '../../offline/outbox';
import { keep, kept, snapshot } from '../../offline/snapshot';

const READ = 'inbox-read';
const READ_MOST = 500;
const WORTH_PAGES = 200;

/** The latest, alerts that still count first. */
export const mine = () =>
  snapshot('inbox', async () => {
    let fetched = 0;
    const all = await everyPage(async (cursor) => {
      const page = await (hasModule('messages') ? myMessages : myAlerts)(cursor);
      fetched += page.items.length;
      return fetched < WORTH_PAGES ? page : { items: page.items };
    });
    return { value: all.toSorted(first) };
  });

const isNow = (one: MineOut) => one.kind === 'alert' && one.stage === 'active';
const first = (a: MineOut, b: MineOut) => Number(isNow(b)) - Number(isNow(a)) || b.at.localeCompare(a.at);

const read = signal<ReadonlySet<string>>(new Set());
/** What was opened here. */
export const readHere = computed(() => read.value);

export async function loadRead(): Promise<void> {
  read.value = new Set((await kept<string[]>(READ)) ?? []);
}

export async function markOpened(id: string): Promise<void> {
  if (read.peek().has(id)) return;
  await loadRead();
  read.value = new Set([...read.peek(), id].slice(-READ_MOST));
  await keep(READ, [...read.peek()]).catch(() => undefined); // no room: it looks unread again next time
}

export const isUnread = (one: MineOut) => !read.value.has(one.id) && one.reply === null;

/** The answer that is on its way, or was not accepted; the last one counts. */
export const onItsWay = (id: string): Entry | null =>
  entries.value.findLast((entry) => entry.kind === 'reply' && entry.subject === id && entry.state !== 'accepted') ?? null;

/** Answer; also without a network: the time is that of the press. Throws `StorageFull`. */
export const answerWith = (id: string, reply: ReplyKind, text: string) =>
  write('reply', { reply, ...(text.trim() && { text: text.trim() }) }, { subject: id });
