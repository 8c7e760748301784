/** The message that is being written: kept on the device until it is sent or thrown away, so that a closed tab loses nothing. */
import { signal } from '@preact/signals';
import type { Channel, MessageIn, Texts } from '../../api/messaging';
import { zone } from '../../i18n';
import { emptyTexts, fieldsIn, isWritten } from '../../messaging';
import { type Chosen, nobody, targetOf } from '../../messaging/target';
import { keep, kept } from '../../offline/snapshot';
import { momentOf } from '../../workday/period';

export interface Draft {
  chosen: Chosen;
  texts: Texts;
  /** Instead of the texts: a template, its texts (to look at), and what its fields say. */
  template: { id: string; name: string; texts: Texts; fields: Record<string, string> } | null;
  channels: Channel[];
  asks_reply: boolean;
  /** Local day and time; null: at once. */
  due: { day: string; time: string; theirs: boolean } | null;
}

const NAME = 'message-draft';

export const fresh = (channels: Channel[] = ['push', 'sms', 'email']): Draft => ({
  chosen: nobody,
  texts: emptyTexts(),
  template: null,
  channels,
  asks_reply: false,
  due: null,
});

export const draft = signal<Draft>(fresh());
/** Whether all of it is kept; `false`: there is no room to keep it; null: not yet, or there is nothing to keep. */
export const isKept = signal<boolean | null>(null);
/** Nothing was written: there is nothing to keep. */
let isFresh = true;
let storing = false;
let stale = false;

export function change(changes: Partial<Draft>): void {
  draft.value = { ...draft.peek(), ...changes };
  isFresh = false;
  void storeSoon();
}

/** One write at a time, and one after the last change. */
async function storeSoon(): Promise<void> {
  stale = true;
  if (isKept.peek()) isKept.value = null;
  if (storing) return;
  storing = true;
  let isWell = true;
  while (stale) {
    stale = false;
    isWell = await keep(NAME, isFresh ? null : draft.peek()).then(
      () => true,
      () => false,
    );
  }
  storing = false;
  isKept.value = isFresh && isWell ? null : isWell;
}

/** Take up what was being written. True: there was something. */
export async function takeUp(): Promise<boolean> {
  const found = await kept<Draft>(NAME);
  draft.value = found ?? fresh();
  isFresh = found === null;
  return found !== null;
}

export async function drop(): Promise<void> {
  draft.value = fresh();
  isFresh = true;
  await storeSoon();
}

/** What still has to be said; nothing: it can be sent. */
export type Lack = 'target' | 'text' | 'fields' | 'channels' | 'due';

export function lacks({ chosen, texts, template, channels, due }: Draft, now_ms: number): Lack[] {
  const found: Lack[] = [];
  if (targetOf(chosen) === null) found.push('target');
  if (template ? fieldsIn(template.texts).some((name) => !template.fields[name]?.trim()) : !isWritten(texts)) {
    found.push(template ? 'fields' : 'text');
  }
  if (channels.length === 0) found.push('channels');
  if (due && !(due.day && due.time && dueAt(due) > now_ms)) found.push('due');
  return found;
}

const dueAt = ({ day, time }: NonNullable<Draft['due']>) => momentOf(day, time, zone.peek());

/** The body for the server; null while something is lacking. */
export function bodyOf(from: Draft, now_ms: number): MessageIn | null {
  const target = targetOf(from.chosen);
  if (target === null || lacks(from, now_ms).length > 0) return null;
  const { template, texts, channels, asks_reply, due } = from;
  return {
    ...(template ? { template: { id: template.id, fields: only(fieldsIn(template.texts), template.fields) } } : { texts }),
    target,
    channels,
    asks_reply,
    ...(due && { due_at: new Date(dueAt(due)).toISOString(), in_their_zone: due.theirs }),
  };
}

const only = (names: readonly string[], values: Readonly<Record<string, string>>) =>
  Object.fromEntries(names.map((name) => [name, (values[name] ?? '').trim()]));
