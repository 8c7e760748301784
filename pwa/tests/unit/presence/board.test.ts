import fc from 'fast-check';
import { expect, test } from 'vitest';
import { counted, filtered, peopleOf, type Presence, type Standing, withNews } from '../../../src/features/presence/board';
import { pause_ms } from '../../../src/live/stream';

const SINCE = '2026-06-03T06:00:00Z';
const somebody = (person_id: string, standing: Standing = 'inside', name = person_id) => ({
  person_id,
  name,
  standing,
  since: SINCE,
  unknown_since: standing === 'inside' ? null : '2026-06-03T09:00:00Z',
});
const fence = (fence_id: string, people: ReturnType<typeof somebody>[]) => {
  const count = (standing: Standing) => people.filter((one) => one.standing === standing).length;
  const counts = { inside: count('inside'), unknown: count('unknown'), assumed_left: count('assumed_left') };
  return { fence_id, name: fence_id.toUpperCase(), people, ...counts };
};
const board = (...fences: ReturnType<typeof fence>[]): Presence => ({ as_of: SINCE, fences });
const news = (person_id: string, of: string, standing: string) => ({
  person_id,
  at: SINCE,
  body: { fence: of, standing, entered_ms: Date.parse(SINCE) },
});

test('somebody in two fences is one row, the surest place first, and counts once', () => {
  const rows = peopleOf(board(fence('gate', [somebody('ann', 'unknown')]), fence('hall', [somebody('ann'), somebody('bob')])));
  expect(rows.map((row) => [row.name, row.places.map((place) => place.fence)])).toEqual([
    ['ann', ['HALL', 'GATE']],
    ['bob', ['HALL']],
  ]);
  expect(counted(rows)).toEqual({ inside: 2, unknown: 0, assumed_left: 0 });
});

test('names are found without accents, by any of their words', () => {
  const rows = peopleOf(board(fence('hall', [somebody('1', 'inside', 'Renée de Vries'), somebody('2', 'unknown', 'Bo Ní')])));
  const found = (text: string, standing: Standing | '' = '') =>
    filtered(rows, { text, fence_id: '', standing }).map((row) => row.person_id);
  expect([found('vries renee'), found('ni'), found('x'), found('', 'unknown')]).toEqual([['1'], ['2'], [], ['2']]);
});

test('who comes in again is inside, who leaves is gone, and the figures follow', () => {
  const before = board(fence('hall', [somebody('ann', 'unknown'), somebody('bob')]), fence('gate', []));
  const after = withNews(before, news('ann', 'hall', 'inside'));
  expect(after?.fences[0]).toMatchObject({ inside: 2, unknown: 0 });
  const left = after && withNews(after, news('bob', 'hall', 'left'));
  expect(left?.fences[0]?.people.map((one) => one.person_id)).toEqual(['ann']);
  const moved = withNews(before, news('bob', 'gate', 'inside'));
  expect(moved?.fences[1]?.people).toMatchObject([{ name: 'bob', since: new Date(SINCE).toISOString() }]);
});

test.each([
  ['a new name', news('eve', 'hall', 'inside')],
  ['another fence', news('ann', 'roof', 'inside')],
  ['a withdrawal', { person_id: 'ann', at: SINCE, body: { stay: '1', standing: 'withdrawn' } }],
])('%s is asked of the server', (_what, one) => {
  expect(withNews(board(fence('hall', [somebody('ann')])), one)).toBeNull();
});

test('news never changes the answer it is put into, nor anybody else', () => {
  const people = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
  fc.assert(
    fc.property(people, fc.constantFrom('a', 'b'), fc.constantFrom('inside', 'left', 'assumed_left'), (there, who, standing) => {
      const before = board(
        fence(
          'hall',
          there.map((one) => somebody(one)),
        ),
      );
      const copy = structuredClone(before);
      const after = withNews(before, news(who, 'hall', standing));
      expect(before).toEqual(copy);
      const others = (of: Presence | null) => of?.fences[0]?.people.filter((one) => one.person_id !== who);
      if (after) expect(others(after)).toEqual(others(before));
    }),
  );
});

test('a lost server is asked ever more slowly, but at least every minute', () => {
  expect([0, 1, 2, 10].map((tried) => pause_ms(tried, 1))).toEqual([2_000, 4_000, 8_000, 60_000]);
  expect(pause_ms(0, 0)).toBe(1_000);
});
