import { expect, test } from 'vitest';
import '../browser';
import type { Alert, AlertRecipient } from '../../../src/api/alerts';
import { countIn, isOver, secondsLeft, stateOf, urgentFirst } from '../../../src/features/board/course';
import { withNews } from '../../../src/features/board/store';

const replies = { safe: 4, need_help: 2, on_my_way: 1 };
const tally = { people: 9, handed_over: 8, delivered: 5, failed: 1, unknown: 0, replies, silent: 2, late: 3, possibly: 1 };
const alert = { id: 'a', revision: 4, stage: 'active', tally } as Alert;
const news = (body: Record<string, unknown>) => ({ person_id: null, at: '', body });
const person = (name: string, reply: AlertRecipient['reply'], replied_at: string | null = null) =>
  ({ name, reply, replied_at }) as AlertRecipient;

test('the countdown shows whole seconds until the moment of the server, however long the tab slept', () => {
  const due = '2026-11-22T12:00:10Z';
  const at = (time: string) => secondsLeft(due, Date.parse(time));
  expect(at('2026-11-22T12:00:00Z')).toBe(10);
  expect(at('2026-11-22T12:00:00.100Z')).toBe(10);
  expect(at('2026-11-22T12:00:09.999Z')).toBe(1);
  expect(at('2026-11-22T12:00:10Z')).toBe(0);
  expect(at('2026-11-22T13:00:00Z')).toBe(0);
  expect(secondsLeft(null, 0)).toBe(0);
});

test('who needs help stands first, then who is silent; the latest answer first among their like', () => {
  const rows = [
    person('safe', 'safe', '12:00'),
    person('silent', null),
    person('first', 'need_help', '12:00'),
    person('later', 'need_help', '12:05'),
    person('coming', 'on_my_way', '12:01'),
  ];
  expect(urgentFirst(rows).map((one) => one.name)).toEqual(['later', 'first', 'silent', 'coming', 'safe']);
});

test('news of this alert changes its numbers and stage, unless an answer was later', () => {
  const more = { ...tally, silent: 1 };
  expect(withNews(alert, news({ message: 'a', revision: 5, stage: 'ended', tally: more }))).toMatchObject({
    stage: 'ended',
    tally: more,
    revision: 5,
  });
  expect(withNews(alert, news({ message: 'b', revision: 9, stage: 'ended' }))).toBe(alert);
  expect(withNews(alert, news({ message: 'a', revision: 3, stage: 'countdown' }))).toBe(alert);
});

test('each filter counts its own people, and an address that names none shows all', () => {
  expect(['need_help', 'silent', 'safe', 'late', ''].map((state) => countIn(alert, stateOf(state)))).toEqual([2, 2, 4, 3, 9]);
  expect(stateOf('nonsense')).toBe('');
  expect(stateOf(null)).toBe('');
});

test('an alert is over once it ended, expired, was cancelled or refused', () => {
  const stages = ['draft', 'approval', 'countdown', 'active', 'ended', 'cancelled', 'expired', 'refused'] as const;
  expect(stages.filter((stage) => isOver({ stage }))).toEqual(['ended', 'cancelled', 'expired', 'refused']);
});
