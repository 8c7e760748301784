import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flush } from '../../../src/offline/flush';
import type { KindName } from '../../../src/offline/kinds';
import { backoff_ms, due, edited, final, LONGEST_BACKOFF_MS, next, recovered, settled } from '../../../src/offline/machine';
import { contentOf, Crash, type Fate, OWNER, World } from './world';

const kinds = fc.constantFrom<KindName>('punch', 'correction', 'switch_off', 'ping', 'ping');
const fates = fc.array(fc.constantFrom<Fate>('accept', 'refuse', 'conflict', 'fail', 'busy', 'sign_in', 'unreached', 'answer_lost'), {
  maxLength: 4,
});
const which = fc.nat(20);
const deed = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('write' as const), kind: kinds }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('flush' as const),
      fates,
      dies_in: fc.option(fc.nat(30)),
      tabs: fc.integer({ min: 1, max: 3 }),
    }),
  },
  fc.record({ do: fc.constantFrom('edit' as const, 'retry' as const, 'discard' as const), which }),
  fc.record({ do: fc.constantFrom('sign_in' as const, 'wait' as const) }),
);
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

async function flushed(world: World, tabs: number): Promise<void> {
  const all = await Promise.allSettled(Array.from({ length: tabs }, () => flush(world.ports())));
  for (const one of all) if (one.status === 'rejected' && !(one.reason instanceof Crash)) throw one.reason;
}

async function perform(world: World, deed: Deed, gone: Set<string>): Promise<void> {
  const items = [...world.items.values()];
  switch (deed.do) {
    case 'write':
      world.write(deed.kind);
      return;
    case 'flush':
      world.fates = [...deed.fates];
      world.dies_in = deed.dies_in;
      await flushed(world, deed.tabs);
      world.dies_in = null;
      return;
    case 'sign_in':
      world.signIn();
      return;
    case 'wait':
      world.now_ms += LONGEST_BACKOFF_MS;
      return;
    default: {
      const item = items[deed.which % Math.max(1, items.length)];
      if (!item) return;
      const content = contentOf(item);
      if (deed.do === 'retry') world.retry(item);
      if (deed.do === 'edit' && world.edit(item)) gone.add(content);
      if (deed.do === 'discard' && world.discard(item)) gone.add(content);
    }
  }
}

function check(world: World, gone: Set<string>): void {
  expect(world.most_sending).toBeLessThanOrEqual(1);
  expect(new Set(world.applied.map((one) => one.content)).size).toBe(world.applied.length);
  for (const keys of world.sent.values()) expect(keys.size).toBe(1);
  for (const lane of Map.groupBy(world.applied, (one) => one.lane).values()) {
    expect(lane.map((one) => one.place)).toEqual(lane.map((one) => one.place).sort((a, b) => a - b));
  }
  const here = new Set([...world.items.values()].map(contentOf));
  const arrived = new Set(world.applied.map((one) => one.content));
  for (let made = 1; made <= world.written; made += 1) {
    const content = `content ${made}`;
    expect(here.has(content) || arrived.has(content) || gone.has(content), content).toBe(true);
  }
  for (const item of world.items.values()) if (final(item)) expect(item.fleeting).toBeNull();
}

test('whatever dies and whenever, writes arrive once, in order, under one key, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 40 }), async (deeds) => {
      const [world, gone] = [new World(), new Set<string>()];
      for (const one of deeds) {
        await perform(world, one, gone);
        check(world, gone);
      }
      world.fates = [];
      const last = world.write('punch');
      for (let round = 0; round < 3; round += 1) {
        world.now_ms += LONGEST_BACKOFF_MS;
        world.signIn();
        await flushed(world, 1);
      }
      check(world, gone);
      for (const item of world.items.values()) expect(final(item), `${item.key} is ${item.state}`).toBe(true);
      expect(world.applied.map((one) => one.key)).toContain(last.key);
    }),
    { numRuns: 400 },
  );
});

test('what is written while another tab flushes does not stay behind', async () => {
  const world = new World();
  world.write('punch');
  const first = flush(world.ports());
  await Promise.resolve();
  const late = world.write('punch');
  await Promise.all([first, flush(world.ports())]);
  expect(world.items.get(late.key)?.state).toBe('accepted');
});

test('a refused write does not hold up its lane, and one that waits does', async () => {
  const world = new World();
  const [refused, waiting, behind] = [world.write('punch'), world.write('punch'), world.write('punch')];
  const other = world.write('correction');
  world.fates = ['refuse', 'busy'];
  await flush(world.ports());
  expect([refused, waiting, behind, other].map((item) => world.items.get(item.key)?.state)).toEqual([
    'refused',
    'waiting',
    'waiting',
    'accepted',
  ]);
});

test('a lane waits for a sign-in, and goes on after it', async () => {
  const world = new World();
  const [first, second] = [world.write('punch'), world.write('punch')];
  world.fates = ['sign_in'];
  await flush(world.ports());
  expect([first, second].map((item) => world.items.get(item.key)?.state)).toEqual(['sign_in', 'waiting']);
  world.signIn();
  await flush(world.ports());
  expect(world.applied.map((one) => one.key)).toEqual([first.key, second.key]);
});

test('what somebody else wrote is neither sent nor counted', async () => {
  const world = new World();
  const mine = world.write('punch');
  world.items.set(mine.key, { ...mine, owner: '1:bob' });
  expect(await flush(world.ports())).toEqual({ left: 0, due_ms: null });
  expect(world.items.get(mine.key)?.state).toBe('waiting');
});

test('pings leave together and leave nothing behind', async () => {
  const world = new World();
  for (let count = 0; count < 450; count += 1) world.write('ping');
  let requests = 0;
  const ports = world.ports();
  await flush({ ...ports, send: (items, owner) => ((requests += 1), ports.send(items, owner)) });
  expect([requests, world.applied.length, world.items.size]).toEqual([3, 450, 0]);
});

test('later edits of one thing build on what the first of them made, and only those made on the same version', async () => {
  const world = new World();
  const [first, second, foreign] = [world.write('fence_edit'), world.write('fence_edit'), world.write('fence_edit')];
  for (const [item, if_match] of [
    [first, 'v1'],
    [second, 'v1'],
    [foreign, 'v0'],
  ] as const) {
    world.items.set(item.key, { ...item, subject: 'fence', if_match });
  }
  const matches: (string | null)[] = [];
  const ports = world.ports();
  await flush({
    ...ports,
    send: async (items, owner) => {
      matches.push(items[0]!.if_match);
      const outcomes = await ports.send(items, owner);
      return new Map([...outcomes].map(([key]) => [key, { is: 'accepted', answer: null, etag: `v${matches.length + 1}` }]));
    },
  });
  expect(matches).toEqual(['v1', 'v2', 'v0']);
});

test('no wait is longer than a quarter of an hour, none shorter than the server asked', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.option(fc.nat(5000)),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempts, after_s, chance) => {
        const wait_ms = backoff_ms(attempts, after_s, chance);
        expect(wait_ms).toBeGreaterThanOrEqual(Math.min(LONGEST_BACKOFF_MS, (after_s ?? 1) * 1000));
        expect(wait_ms).toBeLessThanOrEqual(LONGEST_BACKOFF_MS);
      },
    ),
  );
});

test('a clock that is set back does not put an item off for longer than the longest wait', () => {
  const world = new World();
  const item = world.write('punch');
  const waiting = { ...item, not_before_ms: world.now_ms + 60_000 };
  expect(due(waiting, world.now_ms)).toBe(false);
  expect(due(waiting, world.now_ms - 3_600_000)).toBe(true);
});

test('content that may have arrived cannot be changed', () => {
  const world = new World();
  const item = { ...world.write('punch'), state: 'sending' as const, attempts: 1 };
  const edit = { key: 'new', seq: 9, body: { text: '1' }, fleeting: null, if_match: null };
  const lost = settled(item, { is: 'later', held: 'network', problem: null, after_s: null, uncertain: true }, world.now_ms, 0);
  const asked = settled(item, { is: 'later', held: 'busy', problem: null, after_s: null, uncertain: false }, world.now_ms, 0);
  expect(edited(item, edit)).toBeNull();
  expect(edited(lost, edit)).toBeNull();
  expect(edited(recovered(item)!, edit)).toBeNull();
  expect(edited(asked, edit)?.key).toBe(item.key);
  expect(next([asked], OWNER, asked.not_before_ms)).toHaveLength(1);
});

test('an alert that waited for more than a minute is not sent: the person is asked again', async () => {
  const world = new World();
  const old = world.write('alert');
  world.now_ms += 60_001;
  const young = world.write('alert');
  await flush(world.ports());
  expect(world.items.get(old.key)).toMatchObject({ state: 'conflict', problem: { type: '/problems/alert-too-old' } });
  expect(world.applied.map((one) => one.key)).toEqual([young.key]);
});

test('an alert of a minute ago is sent, and a draft whatever its age', async () => {
  const world = new World();
  const alert = world.write('alert');
  const draft = world.write('alert_draft');
  world.now_ms += 60_000;
  await flush(world.ports());
  world.write('alert_draft');
  world.now_ms += 3_600_000;
  await flush(world.ports());
  expect(world.applied.map((one) => one.key)).toEqual([alert.key, draft.key, 'key-3']);
});

test('an alert that may have arrived is offered again under its key, however old: only the server can tell', async () => {
  const world = new World();
  const alert = world.write('alert');
  world.fates = ['answer_lost'];
  await flush(world.ports());
  world.now_ms += 120_000;
  await flush(world.ports());
  expect(world.items.get(alert.key)?.state).toBe('accepted');
  expect(world.applied).toHaveLength(1);
});
