import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Said, standing, standingOf, union } from '../../../src/rollcall/merge';
import cases from './cases.json';

/** `tests/core/test_rollcall.py` judges the same cases with the server's laws. */
const whole = (said: object): Said => ({ entry_id: 'e', withdraws: null, ...said }) as Said;
const judged = (marks: readonly Said[]) =>
  Object.fromEntries([...standing(marks)].map(([entry, said]) => [entry, said.map(({ id }) => id)]));

test.each(cases)('$it', ({ marks, stands }) => {
  const said = marks.map(whole);
  expect(standingOf(standing(said).get('e'))).toBe(stands);
  expect(standingOf(standing(said.toReversed()).get('e'))).toBe(stands);
});

const ids = (marks: readonly Said[]) => marks.map(({ id }) => id).toSorted();

/** What three phones might know: few ids, so that they share many; each id says one thing only. */
const known = fc
  .array(
    fc.record({
      entry: fc.constantFrom('e1', 'e2'),
      mark: fc.constantFrom('safe', 'missing', 'need_help', 'not_here', 'withdrawn') as fc.Arbitrary<Said['mark']>,
      withdraws: fc.nat(11),
      second: fc.nat(3),
    }),
    { minLength: 12, maxLength: 12 },
  )
  .map((drawn) =>
    drawn.map(({ entry, mark, withdraws, second }, nth): Said => {
      const id = (at: number) => `m${String(at).padStart(2, '0')}`;
      const slip = mark === 'withdrawn' ? id(withdraws) : null;
      return { id: id(nth), entry_id: entry, mark, withdraws: slip, said_at: `2026-03-01T10:00:0${second}Z` };
    }),
  );
const part = fc.array(fc.nat(11), { maxLength: 30 });
const phones = fc.record({ known, a: part, b: part, c: part });
const of = (all: Said[], which: number[]) => which.map((nth) => all[nth] as Said);

/** A broken phone: one id, two sayings. */
const copies = (all: Said[]) => all.flatMap((said) => [said, { ...said, mark: 'missing' as const, withdraws: null }]);

describe('laws', () => {
  test('two sayings under one id come to the same one everywhere', () => {
    fc.assert(
      fc.property(phones, fc.array(fc.nat(23)), ({ known }, which) => {
        const all = copies(known);
        const some = which.map((nth) => all[nth] as Said);
        const [x, y] = [union(all, some), union(some.toReversed(), all.toReversed())];
        expect(judged(x)).toEqual(judged(y));
        expect(new Set(x)).toEqual(new Set(y));
      }),
    );
  });

  test('who meets whom first makes no difference', () => {
    fc.assert(
      fc.property(phones, ({ known, a, b, c }) => {
        const [x, y, z] = [of(known, a), of(known, b), of(known, c)];
        const left = union(union(x, y), z);
        const right = union(x, union(y, z));
        expect(judged(left)).toEqual(judged(right));
        expect(judged(union(x, y))).toEqual(judged(union(y, x)));
        expect(ids(left)).toEqual(ids(right));
      }),
    );
  });

  test('hearing it again changes nothing, and nothing that was said is lost', () => {
    fc.assert(
      fc.property(phones, ({ known, a, b }) => {
        const [x, y] = [of(known, a), of(known, b)];
        const both = union(x, y);
        expect(judged(union(both, both))).toEqual(judged(both));
        expect(ids(both)).toEqual([...new Set(ids([...x, ...y]))]);
      }),
    );
  });

  test('who is safe stays so, until that very mark is taken back', () => {
    fc.assert(
      fc.property(phones, ({ known, a }) => {
        const before = of(known, a);
        const safe = whole({ id: 'new', entry_id: 'e1', mark: 'safe', said_at: '2026-03-01T09:00:00Z' });
        const later = of(known, [...known.keys()]).filter((said) => said.withdraws !== 'new');
        expect(standingOf(standing(union([...before, safe], later)).get('e1'))).toBe('safe');
        const slip = whole({ id: 'slip', entry_id: 'e1', mark: 'withdrawn', withdraws: 'new', said_at: '2026-03-01T09:00:01Z' });
        expect(judged(union(before, [safe, slip]))).toEqual(judged(union(before)));
      }),
    );
  });
});
