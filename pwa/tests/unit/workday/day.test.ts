import { beforeAll, expect, test } from 'vitest';
import '../browser';
import { setLanguage, setZone } from '../../../src/i18n';
import { axisOf, placeOf } from '../../../src/workday/axis';
import type { Line } from '../../../src/workday/lines';
import { spanOf } from '../../../src/workday/propose';
import { spansSaid } from '../../../src/workday/said';
import { lineSaid } from '../../../src/workday/why';
import { changeSaid } from '../../../src/workday/correction';
import { rightMoment } from '../../../src/features/my-data/questions';
import { shownOf, totalsOf } from '../../../src/features/attendance/store';

const HERE = 'Europe/Amsterdam';
const DAY = '2026-06-02';
const span = (since: string, until: string, next = DAY) => ({ since: `${DAY}T${since}:00+02:00`, until: `${next}T${until}:00+02:00` });
const workday = (spans: ReturnType<typeof span>[], more: object = {}) => ({
  worked_on: DAY,
  status: 'open' as const,
  worked_ms: 3_600_000,
  break_deducted_ms: 0,
  spans,
  breaks: [],
  is_open: false,
  questions: [],
  approved_at: null,
  approved_by: null,
  revision: 0,
  ...more,
});

beforeAll(async () => {
  setZone(HERE);
  await setLanguage('en');
});

test('the axis shows a day at the office, and grows for whoever comes early or works through the night', () => {
  expect(axisOf([], HERE)).toMatchObject({ from_h: 7, until_h: 18 });
  const axis = axisOf([workday([span('05:40', '09:00')]), workday([span('22:00', '06:10', '2026-06-03')])], HERE);
  expect(axis).toMatchObject({ from_h: 5, until_h: 31 });
  expect(axis.ticks_h.length).toBeLessThanOrEqual(8);
  expect(placeOf(`${DAY}T18:00:00+02:00`, DAY, axis, HERE)).toBeCloseTo(0.5);
  expect(placeOf('2026-06-09T00:00:00Z', DAY, axis, HERE)).toBe(1);
});

test('times of the next day say so', () => {
  expect(spansSaid([span('08:31', '12:02'), span('22:00', '06:10', '2026-06-03')], DAY)).toBe('08:31–12:02, 22:00–06:10 (next day)');
});

const stay = { id: 's', fence: 'Quay', entered_at: `${DAY}T08:00:00+02:00`, left_at: `${DAY}T17:00:00+02:00`, cut: null };
const LINES: Record<string, Line> = {
  confirmed: { kind: 'stay', effect_ms: 1, spans: [span('08:00', '17:00')], stay: { ...stay, ended: 'confirmed' } },
  silent: { kind: 'stay', effect_ms: 1, spans: [span('08:00', '17:00')], stay: { ...stay, ended: 'assumed', cut: 'gap' } },
  open: { kind: 'stay', effect_ms: 1, spans: [span('08:00', '11:00')], stay: { ...stay, left_at: null, ended: null } },
  nameless: { kind: 'stay', effect_ms: 0, spans: [span('08:00', '17:00')], stay: { ...stay, fence: null, ended: 'manual' } },
  punches: {
    kind: 'punches',
    effect_ms: 1,
    spans: [span('08:00', '17:00')],
    shift: { name: 'Early', since: `${DAY}T08:00:00+02:00`, until: `${DAY}T16:00:00+02:00` },
  },
  before: { kind: 'counted_before', effect_ms: -1, spans: [span('08:00', '09:00')] },
  pending: { kind: 'correction_pending', effect_ms: 0, spans: [span('17:00', '18:00')], correction: { kind: 'add', reason: 'Overtime' } },
  correction: { kind: 'correction', effect_ms: 1, spans: [span('17:00', '18:00')], correction: { kind: 'remove', reason: 'Gym' } },
  rule: {
    kind: 'break_rule',
    effect_ms: -1,
    spans: [span('12:00', '12:10')],
    break_rule: { worked_more_than_ms: 19_800_000, break_ms: 1_800_000 },
  },
};

test('every kind of line says what it is, when, and why', () => {
  const said = (name: keyof typeof LINES) => {
    const { title, about } = lineSaid(LINES[name] as Line, DAY);
    return `${title} | ${about.join(' ')}`;
  };
  expect(said('confirmed')).toBe('Inside Quay | From 08:00 to 17:00. Leaving was seen. Counts: 08:00–17:00.');
  expect(said('silent')).toContain('the phone fell silent');
  expect(said('open')).toContain('still inside');
  expect(said('nameless')).toBe(
    'Inside a geofence | From 08:00 to 17:00. The end was entered by hand. Adds nothing: this time counts already.',
  );
  expect(said('punches')).toBe('Clocked in and out | Counts: 08:00–17:00. Counted with shift Early, 08:00 to 16:00.');
  expect(said('before')).toContain('08:00–09:00 belongs to two days');
  expect(said('pending')).toBe(
    'Correction proposed: add time | 17:00–18:00. Reason: “Overtime”. A manager has not decided yet, so it does not count yet.',
  );
  expect(said('correction')).toBe('Correction: time taken off | 17:00–18:00. Reason: “Gym”.');
  expect(said('rule')).toContain('more than 5:30 has a break of 0:30. Breaks of 0:10');
});

test('a correction is said with its length', () => {
  expect(changeSaid({ kind: 'add', ...span('17:05', '18:00') }, DAY)).toBe('Add 17:05–18:00 (+0:55)');
  expect(changeSaid({ kind: 'late_data', was: { worked_ms: 28_800_000 }, becomes: { worked_ms: 27_000_000 } }, DAY)).toBe(
    '8:00 becomes 7:30',
  );
});

test('what is proposed ends after it begins, in the night of its workday too', () => {
  const times = { worked_on: DAY, since: '22:00', until: '06:00', afterMidnight: false };
  expect(spanOf(times, HERE)).toEqual({ since: '2026-06-02T20:00:00.000Z', until: '2026-06-03T04:00:00.000Z' });
  expect(spanOf({ ...times, since: '01:00', until: '02:00', afterMidnight: true }, HERE).since).toBe('2026-06-02T23:00:00.000Z');
});

test('the time of an answer lies on the side of the question where it can', () => {
  const at = `${DAY}T22:00:00+02:00`;
  expect(rightMoment({ kind: 'clock_out_missing', at }, '06:00', HERE)).toBe('2026-06-03T04:00:00.000Z');
  expect(rightMoment({ kind: 'clock_out_missing', at }, '23:00', HERE)).toBe('2026-06-02T21:00:00.000Z');
  expect(rightMoment({ kind: 'clock_in_missing', at: `${DAY}T06:00:00+02:00` }, '22:00', HERE)).toBe('2026-06-01T20:00:00.000Z');
  expect(rightMoment({ kind: 'left_assumed', at }, '21:00', HERE)).toBe('2026-06-02T19:00:00.000Z');
});

test('people are found by name and by what their days ask', () => {
  const asks = workday([], { questions: [{ kind: 'left_assumed', at: `${DAY}T10:00:00Z` }] });
  const people = [
    { person_id: '1', name: 'Ann', days: [workday([])] },
    { person_id: '2', name: 'Bob', days: [asks, workday([], { status: 'approved' })] },
    { person_id: '3', name: 'Cas', days: [] },
  ];
  const names = (text: string, which: Parameters<typeof shownOf>[1]['which']) => shownOf(people, { text, which }).map((one) => one.name);
  expect(names('', '')).toEqual(['Ann', 'Bob']);
  expect(names('bo', '')).toEqual(['Bob']);
  expect(names('', 'questions')).toEqual(['Bob']);
  expect(names('', 'here')).toEqual([]);
  expect(totalsOf(people[1]?.days ?? [])).toEqual({ worked_ms: 7_200_000, days: 2, approved: 1, questions: 1 });
});
