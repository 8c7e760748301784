import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Chosen, choices, chosenOf, nobody, targetOf, toggled } from '../../../src/messaging/target';

const ids = fc.uniqueArray(fc.uuid(), { maxLength: 3 });
const chosen: fc.Arbitrary<Chosen> = fc.record({
  everyone: fc.boolean(),
  on_site: fc.boolean(),
  visitors: fc.boolean(),
  fences: ids,
  sites: ids,
  groups: ids,
  roles: fc.subarray(['responder', 'manager']),
  people: ids,
  area: fc.constant(null),
  only_on_site: fc.boolean(),
  except_groups: ids,
});

test('nothing chosen is no target', () => {
  expect(targetOf(nobody)).toBeNull();
  expect(targetOf({ ...nobody, only_on_site: true, except_groups: ['g'] })).toBeNull();
});

test('one choice is its leaf, several are any of them', () => {
  expect(targetOf({ ...nobody, fences: ['f'] })).toEqual({ fence: 'f' });
  expect(targetOf({ ...nobody, fences: ['f'], groups: ['g'], people: ['p', 'q'] })).toEqual({
    any: [{ fence: 'f' }, { group: 'g' }, { people: ['p', 'q'] }],
  });
});

test('an area that was drawn stands in the target until the server has made a fence of it', () => {
  const area = { kind: 'circle', longitude: 4, latitude: 52, radius_m: 50 } as const;
  expect(targetOf({ ...nobody, area })).toEqual({ area: 'drawn' });
  expect(targetOf({ ...nobody, area, fences: ['f'] })).toEqual({ any: [{ fence: 'f' }, { area: 'drawn' }] });
});

test('who is not on site, or in an excepted group, falls out of all choices together', () => {
  expect(targetOf({ ...nobody, groups: ['g', 'h'], only_on_site: true, except_groups: ['x'] })).toEqual({
    all: [{ any: [{ group: 'g' }, { group: 'h' }] }, { on_site: true }, { not: { group: 'x' } }],
  });
});

test('a document made here is read back as the same choices', () => {
  fc.assert(
    fc.property(chosen, (one) => {
      const target = targetOf(one);
      if (target) expect(chosenOf(target)).toEqual(one);
      else expect(choices(one)).toBe(0);
    }),
  );
});

test('a document that says more than the screen can show is left alone', () => {
  expect(chosenOf({ any: [{ all: [{ group: 'a' }, { fence: 'b' }] }] })).toBeNull();
  expect(chosenOf({ all: [{ group: 'a' }, { role: 'responder' }] })).toBeNull();
});

test('pressing twice takes a choice out again', () => {
  expect(toggled(toggled(nobody, 'fences', 'f'), 'fences', 'f')).toEqual(nobody);
});
