/** A made-up world for the outbox: storage that survives, senders that die at any step, a server that loses answers. */
import { discardable, type Edit, edited, type Item, type Outcome, type Problem, resumed, retried } from '../../../src/offline/machine';
import { type KindName, KINDS } from '../../../src/offline/kinds';
import type { Ports } from '../../../src/offline/flush';

export const OWNER = '1:ann';
/** What the server does with one item, or the network with its answer. */
export type Fate = 'accept' | 'refuse' | 'conflict' | 'fail' | 'busy' | 'sign_in' | 'unreached' | 'answer_lost';
export class Crash extends Error {}

const PROBLEM: Problem = { type: '/problems/invalid', status: 422 };

export function contentOf(item: Item): string {
  return item.body ? (JSON.parse((item.body as { text: string }).text) as string) : 'sent';
}

export class World {
  items = new Map<string, Item>();
  now_ms = 1_000_000_000_000;
  fates: Fate[] = [];
  /** Port calls until the sender dies; null: it lives. */
  dies_in: number | null = null;
  /** What the server did, in order: each write once. */
  applied: { key: string; content: string; lane: string; place: number }[] = [];
  sent = new Map<string, Set<string>>();
  sending = 0;
  most_sending = 0;
  /** Where each content stands in the order of its lane. */
  places = new Map<string, number>();
  private place = 0;
  /** How many contents the person wrote. */
  written = 0;
  private turn: Promise<unknown> = Promise.resolve();

  write(kind: KindName): Item {
    const made = ++this.written;
    const key = `key-${made}`;
    const positions = KINDS[kind].fleeting ? { text: `"place of ${made}"` } : null;
    const item: Item = {
      ...{ key, owner: OWNER, kind, lane: KINDS[kind].lane, seq: this.last() + 1, subject: null, if_match: null },
      ...{ state: 'waiting', attempts: 0, uncertain: false, held: null, not_before_ms: 0, at_ms: null, doubtful: false },
      made: { wall_ms: this.now_ms, offset_ms: 0, sure: true },
      ...{ body: { text: `"content ${made}"` }, fleeting: positions, answer: null, problem: null, settled_ms: null },
    };
    this.items.set(key, item);
    this.places.set(`content ${made}`, ++this.place);
    return item;
  }

  last(): number {
    return Math.max(0, ...[...this.items.values()].map((item) => item.seq));
  }

  /** The person's doings, with what is there at that moment. */
  edit(item: Item): boolean {
    const made = this.written + 1;
    const edit: Edit = { key: `key-${made}`, seq: this.last() + 1, body: { text: `"content ${made}"` }, fleeting: null, if_match: null };
    const place = item.state === 'waiting' ? this.places.get(contentOf(item)) : ++this.place;
    if (!this.replace(item, edited(item, edit))) return false;
    this.places.set(`content ${made}`, place ?? 0);
    this.written = made;
    return true;
  }
  retry(item: Item): boolean {
    if (item.state === 'refused' || item.state === 'conflict') this.places.set(contentOf(item), ++this.place);
    return this.replace(item, retried(item, this.last() + 1));
  }
  discard(item: Item): boolean {
    return discardable(item) && this.items.delete(item.key);
  }
  signIn(): void {
    for (const item of this.items.values()) this.replace(item, resumed(item));
  }
  private replace(item: Item, by: Item | null): boolean {
    if (!by) return false;
    this.items.delete(item.key);
    this.items.set(by.key, by);
    return true;
  }

  /** A tab or a worker: may die before or after anything it does. */
  ports(): Ports {
    const step = async <T>(work: () => T): Promise<T> => {
      await Promise.resolve();
      this.live();
      const done = work();
      this.live();
      return done;
    };
    return {
      alone: (work) => {
        const mine = this.turn.then(work);
        this.turn = mine.catch(() => undefined);
        return mine;
      },
      list: () => step(() => structuredClone([...this.items.values()]).sort((a, b) => a.seq - b.seq)),
      change: (keys, by) =>
        step(() =>
          keys.flatMap((key) => {
            const before = this.items.get(key);
            const after = before && by(before, this.last() + 1);
            return after && this.replace(before, after) ? [structuredClone(after)] : [];
          }),
        ),
      remove: (which) =>
        step(() => {
          for (const item of this.items.values()) if (which(item)) this.items.delete(item.key);
        }),
      owner: () => step(() => OWNER),
      send: (items) => this.serve(items),
      time: (item) => ({ at_ms: item.made.wall_ms, doubtful: false }),
      online: () => true,
      now_ms: () => this.now_ms,
      server_ms: () => this.now_ms,
      chance: () => 0.5,
      tell: () => undefined,
    };
  }

  private live(): void {
    if (this.dies_in !== null && this.dies_in-- <= 0) {
      this.dies_in = null;
      throw new Crash();
    }
  }

  private async serve(items: readonly Item[]): Promise<Map<string, Outcome>> {
    this.most_sending = Math.max(this.most_sending, ++this.sending);
    try {
      this.live();
      await Promise.resolve();
      const fate = this.fates.shift() ?? 'accept';
      const outcomes = new Map(items.map((item) => [item.key, this.decide(item, fate)]));
      await Promise.resolve();
      this.live();
      return outcomes;
    } finally {
      this.sending -= 1;
    }
  }

  private decide(item: Item, fate: Fate): Outcome {
    const content = contentOf(item);
    const keys = this.sent.get(content) ?? new Set();
    this.sent.set(content, keys.add(item.key));
    const later = { is: 'later', problem: null, after_s: null } as const;
    if (fate === 'unreached') return { ...later, held: 'network', uncertain: true };
    if (fate === 'fail') return { ...later, held: 'server', uncertain: true };
    if (fate === 'busy') return { ...later, held: 'busy', uncertain: false };
    if (fate === 'sign_in') return { is: 'sign_in', problem: null };
    const known = this.applied.find((one) => one.key === item.key);
    if (known && known.content !== content) throw new Error(`${item.key} came with another content`);
    if (!known && (fate === 'refuse' || fate === 'conflict')) return { is: fate === 'refuse' ? 'refused' : 'conflict', problem: PROBLEM };
    if (!known) this.applied.push({ key: item.key, content, lane: item.lane, place: this.places.get(content) ?? 0 });
    return fate === 'answer_lost' ? { ...later, held: 'network', uncertain: true } : { is: 'accepted', answer: null, etag: null };
  }
}
