/** Marking from the screen: said at once, with a way back. */
import { signal } from '@preact/signals';
import { me } from '../../app/session';
import { StorageFull } from '../../offline/outbox';
import type { Mark } from '../../rollcall/merge';
import { mark, withdraw } from '../../rollcall/store';
import type { Entry, Marked, RollCall } from '../../rollcall/types';
import { confirm } from '../../ui';
import { whoSaid } from './person';
import type { Row } from './rows';
import { t } from './words';

/** The last thing done here, to be told and undone. */
export const last = signal<{ call_id: string; entry: Entry; text: string; slip: Marked | null } | null>(null);
/** Nothing more can be kept on this device. */
export const isFull = signal(false);

/** Do what needs storage; a full one is said on the screen. */
export async function stored<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    const done = await work();
    isFull.value = false;
    return done;
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
    isFull.value = true;
    return null;
  }
}

async function takeBack(call: RollCall, { entry, said }: Row, as: Mark): Promise<void> {
  const slips = said.filter((one) => one.mark === as);
  const others = slips.filter((one) => one.marked_by !== 'responder' || one.responder_id !== me.peek()?.person_id);
  const words = t().notYours;
  if (others[0] && !(await confirm({ title: words.title, text: words.text(whoSaid(call, others[0])), action: words.action }))) return;
  await stored(() => withdraw(call.id, entry, slips));
  last.value = { call_id: call.id, entry, text: t().saidOf(entry.name, t().takenBack), slip: null };
}

/** A press on a mark: says it, or takes it back when it stands already. */
export async function press(call: RollCall, row: Row, as: Mark): Promise<void> {
  last.value = null; // undo never means something else than what is being done
  if (row.said.some((one) => one.mark === as)) return takeBack(call, row, as);
  await say(call, row.entry, as, null);
}

/** Say it, with a remark perhaps. */
export async function say(call: RollCall, entry: Entry, as: Mark, note: string | null): Promise<void> {
  const said = await stored(() => mark(call.id, entry, as, note));
  if (said) last.value = { call_id: call.id, entry, text: t().saidOf(entry.name, t().marks[as]), slip: said };
}

export async function undo(): Promise<void> {
  const before = last.peek();
  const slip = before?.slip;
  if (!before || !slip) return;
  last.value = null;
  await stored(() => withdraw(before.call_id, before.entry, [slip]));
}
