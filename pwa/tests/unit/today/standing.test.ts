import { expect, test } from 'vitest';
import { todayOf } from '../../../src/features/today/standing';

const at = (time: string) => `2026-06-03T${time}:00Z`;
const punch = (kind: 'in' | 'out', time: string) => ({ kind, at: at(time), method: 'button' as const });
const unsent = (kind: 'in' | 'out', time: string) => ({ kind, at_ms: Date.parse(at(time)) });

test.each([
  ['nothing known: the button clocks in', [], [], null, 'in', false],
  ['clocked in: it clocks out', [punch('in', '08:00')], [], at('08:00'), 'out', false],
  ['clocked out: in again', [punch('out', '12:00'), punch('in', '08:00')], [], null, 'in', false],
  ['what waits on this device counts', [punch('in', '08:00')], [unsent('out', '12:00')], null, 'in', true],
  ['the newest of what waits counts', [], [unsent('in', '12:30'), unsent('out', '12:00')], at('12:30'), 'out', true],
  ['what is older than the server knows does not', [punch('out', '12:00')], [unsent('in', '08:00')], null, 'in', false],
] as const)('%s', (_what, punches, waiting, since, next, isWaiting) => {
  const today = todayOf(punches, null, waiting);
  expect(today).toMatchObject({ clockedIn_ms: since === null ? null : Date.parse(since), next, isWaiting });
});

test('places are where the phone has them, the longest first, and silence is told', () => {
  const one = (name: string, since: string, unknown_since: string | null, standing: 'inside' | 'unknown' | 'assumed_left' = 'inside') => ({
    fence_id: name,
    name,
    inside: 1,
    unknown: 0,
    assumed_left: 0,
    people: [{ person_id: 'me', name: 'me', standing, since, unknown_since }],
  });
  const fences = [
    one('Hall', at('09:00'), null),
    one('Gate', at('08:00'), at('10:00'), 'unknown'),
    one('Old', at('07:00'), null, 'assumed_left'),
  ];
  const { places } = todayOf([], { as_of: at('11:00'), fences }, []);
  expect(places.map((place) => [place.name, place.unknown_ms])).toEqual([
    ['Gate', Date.parse(at('10:00'))],
    ['Hall', null],
  ]);
});
