import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Said, standing, standingOf, union } from '../../../src/rollcall/merge';
import cases from './cases.json';

/** `tests/core/test_rollcall_cases.py` judges the same cases with the server's laws. */
const whole = (said: object): Said => ({ entry_id: 'e', withdraws: null, ...said }) as Said;
const judged = (marks: Iterable<Said>) =>
  Object.fromEntries([...standing(marks)].map(([entry, said]) => [entry, said.map(({ id }) => id)]));

test.each(cases)('$it', ({ marks, stands }) => {
  const said = marks.map(whole);
  expect(standingOf(standing(said).get('e'))).toBe(stands);
  expect(standingOf(standing(said.toReversed()).get('e'))).toBe(stands);
});

/** What three phones might know: few ids, so that they share many; each id says one thing only. */
const known = fc
  .array(
    fc.record({
      entry: fc.constantFrom('e1', 'e2'),
      mark: fc.constantFrom('safe', 'missing', 'not_here', 'withdrawn') as fc.Arbitrary<Said['mark']>,
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

describe('laws', () => {
  test('who meets whom first makes no difference', () => {
    fc.assert(
      fc.property(phones, ({ known, a, b, c }) => {
        const [x, y, z] = [of(known, a), of(known, b), of(known, c)];
        const left = union(union(x, y).values(), z);
        const right = union(x, union(y, z).values());
        expect(judged(left.values())).toEqual(judged(right.values()));
        expect(judged(union(x, y).values())).toEqual(judged(union(y, x).values()));
        expect([...left.keys()].toSorted()).toEqual([...right.keys()].toSorted());
      }),
    );
  });

  test('hearing it again changes nothing, and nothing that was said is lost', () => {
    fc.assert(
      fc.property(phones, ({ known, a, b }) => {
        const [x, y] = [of(known, a), of(known, b)];
        const both = union(x, y);
        expect(judged(union(both.values(), both.values()).values())).toEqual(judged(both.values()));
        expect(new Set(both.keys())).toEqual(new Set([...x, ...y].map(({ id }) => id)));
      }),
    );
  });

  test('who is safe stays so, until that very mark is taken back', () => {
    fc.assert(
      fc.property(phones, ({ known, a }) => {
        const before = of(known, a);
        const safe = whole({ id: 'new', entry_id: 'e1', mark: 'safe', said_at: '2026-03-01T09:00:00Z' });
        const later = of(known, [...known.keys()]).filter((said) => said.withdraws !== 'new');
        expect(standingOf(standing(union([...before, safe], later).values()).get('e1'))).toBe('safe');
        const slip = whole({ id: 'slip', entry_id: 'e1', mark: 'withdrawn', withdraws: 'new', said_at: '2026-03-01T09:00:01Z' });
        expect(judged(union(before, [safe, slip]).values())).toEqual(judged(union(before, []).values()));
      }),
    );
  });
});
