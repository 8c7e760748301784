import { expect, test } from 'vitest';
import '../browser';
import { found, inOrder, parted, rowsOf, tallied } from '../../../src/features/roll-call/rows';
import type { Basis, Entry, Marked } from '../../../src/rollcall/types';

const entry = (id: string, name: string, basis: Basis = 'inside'): Entry => ({
  ...{ id, person_id: id, visit_id: null, name, basis, site_id: null },
});
const safe = (entry_id: string): Marked => ({
  ...{ id: `m-${entry_id}`, entry_id, mark: 'safe', withdraws: null, said_at: '2026-03-01T10:00:00Z' },
  ...{ marked_by: 'responder', responder_id: null, note: null },
});
const people = [
  entry('1', 'Zoë Öztürk'),
  entry('2', 'Ann de Wit', 'unknown'),
  entry('3', 'Bob', 'left_assumed'),
  entry('4', '李雷', 'visit'),
];
const rows = rowsOf(inOrder(people), [safe('1')]);

test('unknown and left, as the clock assumes, stand apart; nobody is dropped', () => {
  expect(parted(rows).map(([part, some]) => [part, some.length])).toEqual([
    ['on_site', 2],
    ['unknown', 1],
    ['left', 1],
  ]);
});

test('a search needs no accents and no order of words', () => {
  expect(found(rows, 'ozturk zoe', '').map(({ entry: { id } }) => id)).toEqual(['1']);
  expect(found(rows, '李', '').map(({ entry: { id } }) => id)).toEqual(['4']);
  expect(found(rows, '', 'open')).toHaveLength(3);
  expect(tallied(rows)).toMatchObject({ safe: 1, open: 3 });
});

test('five thousand people are judged faster than a finger lifts', () => {
  const many = Array.from({ length: 5_000 }, (_, nth) => entry(`p${nth}`, `Persoon ${nth}`));
  const ordered = inOrder(many);
  const began = performance.now();
  const judged = rowsOf(
    ordered,
    ordered.map(({ id }) => safe(id)),
  );
  expect(tallied(judged).safe).toBe(5_000);
  expect(performance.now() - began).toBeLessThan(500);
});
