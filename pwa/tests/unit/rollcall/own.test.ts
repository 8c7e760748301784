import { describe, expect, test } from 'vitest';
import { isNothing, known, left, NOTHING, type Own, shown, whoIsAsked } from '../../../src/rollcall/own';
import type { Entry, Marked, RollCall } from '../../../src/rollcall/types';

const somebody = (id: string, more: Partial<Entry> = {}): Entry => ({
  ...{ id, person_id: id, visit_id: null, name: id, basis: 'inside', site_id: 's' },
  ...more,
});
const said = (id: string, entry_id: string, more: Partial<Marked> = {}): Marked => ({
  ...{
    id,
    entry_id,
    mark: 'safe',
    withdraws: null,
    said_at: '2026-03-01T10:00:00Z',
    marked_by: 'responder',
    responder_id: 'ria',
    note: null,
  },
  ...more,
});
const call = (more: Partial<RollCall> = {}): RollCall => ({
  ...{ id: 'r', exercise: 'actual', site_ids: ['s'], message_id: null, started_at: '2026-03-01T09:59:00Z', ended_at: null, revision: 3 },
  ...{ tally: {}, sites: [], responders: [] },
  ...{ entries: [], marks: [], notes: [] },
  ...more,
});
const own = (more: Partial<Own>): Own => ({ ...NOTHING, ...more });
const ids = (some: readonly { id: string }[]) => some.map(({ id }) => id);

describe('an answer, and what was said here', () => {
  test('nobody whom either knows is left out, and both marks of one person are kept', () => {
    const theirs = call({ entries: [somebody('ann')], marks: [said('m1', 'ann', { mark: 'missing' })] });
    const ours = own({ entries: [somebody('bob', { person_id: null, basis: 'added' })], marks: [said('m2', 'ann')] });
    const both = shown('r', theirs, ours);
    expect(ids(both?.entries ?? [])).toEqual(['ann', 'bob']);
    expect(ids(both?.marks ?? [])).toEqual(['m1', 'm2']);
  });

  test('before the server knows it, it is what the phone began', () => {
    const start = call({ revision: 0, entries: [somebody('ann')] });
    expect(shown('r', null, own({ start }))?.entries).toHaveLength(1);
    expect(shown('r', null, NOTHING)).toBeNull();
  });

  test('it keeps the id it was asked by, also when the server made it part of another', () => {
    expect(shown('r', call({ id: 'older' }), NOTHING)?.id).toBe('r');
  });
});

describe('the server has answered', () => {
  test('what is in the answer is no longer kept here', () => {
    const theirs = call({ entries: [somebody('ann')], marks: [said('m1', 'ann')] });
    expect(isNothing(left(own({ marks: [said('m1', 'ann')] }), theirs))).toBe(true);
    expect(ids(left(own({ marks: [said('m1', 'ann'), said('m2', 'ann')] }), theirs).marks)).toEqual(['m2']);
  });

  test('whom the phone had on its list and the server has not is still to be told', () => {
    const start = call({ revision: 0, entries: [somebody('ann'), somebody('bob')] });
    expect(ids(left(own({ start }), call({ entries: [somebody('ann')] })).entries)).toEqual(['bob']);
  });
});

describe('entries go by the ids that a phone knows too', () => {
  const answer = call({
    entries: [
      somebody('e1', { person_id: 'ann' }),
      somebody('e2', { person_id: null, visit_id: 'v' }),
      somebody('e3', { person_id: null }),
    ],
    marks: [said('m1', 'e1'), said('m2', 'e2'), said('m3', 'e3')],
  });

  test('of a person, of a visit, and of somebody added', () => {
    const found = known(answer);
    expect(ids(found.entries)).toEqual(['ann', 'v', 'e3']);
    expect(found.marks.map(({ entry_id }) => entry_id)).toEqual(['ann', 'v', 'e3']);
  });

  test('also marks that come later, of entries that came before', () => {
    const later = known(call({ revision: 4, marks: [said('m4', 'e2', { mark: 'missing' })] }), known(answer));
    expect(later.entries).toHaveLength(3);
    expect(later.marks.at(-1)).toMatchObject({ id: 'm4', entry_id: 'v' });
    expect(later.revision).toBe(4);
  });
});

test('a roll call of a site is about those there, and those of whom nobody knows where', () => {
  const people = [somebody('ann'), somebody('bob', { site_id: null }), somebody('cas', { site_id: 'elsewhere' })];
  expect(ids(whoIsAsked({ taken_at: '2026-03-01T10:00:00Z', sites: [], people, open_roll_calls: [] }, ['s']))).toEqual(['ann', 'bob']);
});
