/**
 * Who may have to call the roll has everybody believed on site in their hand, no older than a minute while there is a network, and what was
 * marked so far in each roll call that is on. A browser that is closed asks nothing: the screen says how old its list is.
 */
import { connection } from '../api';
import { atHand, callOf, lines, openBegun } from './store';

const EVERY_MS = 60_000;

async function ask(how: 'open' | 'refresh'): Promise<void> {
  await Promise.all([atHand[how](), lines[how]()]);
  const on = lines.value.peek()?.items.filter((line) => line.ended_at === null) ?? [];
  for (const { id } of on) await callOf(id).open();
}

/** Begin; once for each page. */
export async function startKeeping(): Promise<void> {
  await openBegun().catch(() => undefined); // a broken store is no reason not to ask
  await ask('open');
  let before = connection.peek();
  connection.subscribe((now) => {
    if (now === 'online' && before !== 'online') void ask('refresh');
    before = now;
  });
  setInterval(() => navigator.onLine !== false && void ask('refresh'), EVERY_MS);
}
