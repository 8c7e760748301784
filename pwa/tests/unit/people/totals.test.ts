import { expect, test } from 'vitest';
import { totals } from '../../../src/features/organization/totals';

test('refusals of several days are added up by reason, the most frequent first', () => {
  const rows = [
    { reason: 'too_late', count: 2 },
    { reason: 'outside_window', count: 1 },
    { reason: 'too_late', count: 3 },
    { reason: 'in_the_future', count: 1 },
  ];
  expect(totals(rows)).toEqual([
    { reason: 'too_late', count: 5 },
    { reason: 'in_the_future', count: 1 },
    { reason: 'outside_window', count: 1 },
  ]);
});
