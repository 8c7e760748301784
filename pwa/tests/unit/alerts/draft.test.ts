import { expect, test } from 'vitest';
import '../browser';
import type { Alert } from '../../../src/api/alerts';
import { bodyOf, type Draft, draftOf, fresh } from '../../../src/features/alerts/draft';
import { SHORT_TEXTS } from '../../../src/features/alerts/short-texts';
import { READY } from '../../../src/features/board/ready';
import { measure } from '../../../src/messaging/sms';
import { nobody } from '../../../src/messaging/target';

const texts = { nl: { subject: 'Brand', body: 'Ga naar buiten' } };
const draft: Draft = { ...fresh, chosen: { ...nobody, fences: ['f'] }, said: { texts } };

test('without somebody to reach, or something to say, there is nothing to send', () => {
  expect(bodyOf({ ...draft, chosen: nobody }, 0)).toBeNull();
  expect(bodyOf({ ...draft, said: null }, 0)).toBeNull();
});

test('the short way leaves channels, plan and end to the organization', () => {
  expect(bodyOf(draft, 0)).toEqual({
    ...{ exercise: 'actual', severity: 'severe', texts, target: { fence: 'f' } },
    ...{ asks_reply: true, late_entry: true },
  });
});

test('the long form says all of it', () => {
  const body = bodyOf(
    {
      ...draft,
      severity: 'extreme',
      said: { template: { id: 't', fields: { place: 'HQ' } } },
      chosen: { ...nobody, area: { kind: 'circle', longitude: 4, latitude: 52, radius_m: 50 } },
      plan: { channels: ['sms'], seconds_between: 30, rounds: 1, silence: 'group:g' },
      quorum: { reply: 'on_my_way', count: 5 },
      expires_h: 2,
    },
    Date.parse('2026-11-22T12:00:00Z'),
  );
  expect(body).toMatchObject({
    severity: 'extreme',
    template: { id: 't', fields: { place: 'HQ' } },
    target: { area: 'drawn' },
    area: { geometry: { type: 'Point', coordinates: [4, 52] }, radius_m: 50 },
    channels: ['sms'],
    plan: { channels: ['sms'], seconds_between: 30, rounds: 1, on_silence: { group: 'g' }, quorum: { reply: 'on_my_way', count: 5 } },
    expires_at: '2026-11-22T14:00:00.000Z',
  });
  expect(body).not.toHaveProperty('texts');
});

/** What the server answers of a draft made from this body. */
const keptBy = (body: Record<string, unknown>, facts: Partial<Alert> = {}) =>
  ({
    ...{ id: 'a', stage: 'draft', area: null, area_fence_id: null, expires_at: null },
    ...body,
    plan: { channels: ['sms'], seconds_between: 30, rounds: 1, on_silence: { group: 'g' }, quorum: { reply: 'safe', count: 5 } },
    ...facts,
  }) as unknown as Alert;
const said = { exercise: 'exercise', severity: 'minor', texts, channels: ['sms'], asks_reply: false, late_entry: false } as const;

test('a draft of the server becomes choices, and these the same draft', () => {
  const target = { all: [{ any: [{ fence: 'f' }, { area: 'drawn' }] }, { not: { group: 'b' } }] };
  const area = { geometry: { type: 'Point', coordinates: [4, 52] }, radius_m: 50 };
  const kept = keptBy(
    { ...said, target: JSON.parse(JSON.stringify(target).replace('drawn', 'the-fence')) as object, area, area_fence_id: 'the-fence' },
    { expires_at: '2026-11-22T14:00:00Z' },
  );
  const taken = draftOf(kept, 'etag', Date.parse('2026-11-22T12:00:00Z'));
  expect(taken.kept).toEqual({ id: 'a', etag: 'etag', target: null, expires_at: '2026-11-22T14:00:00Z' });
  expect(bodyOf(taken, 0)).toEqual({
    ...{ ...said, target, area, expires_at: '2026-11-22T14:00:00Z' },
    plan: { channels: ['sms'], seconds_between: 30, rounds: 1, on_silence: { group: 'g' }, quorum: { reply: 'safe', count: 5 } },
  });
});

test('a target that says more than the choices stays as it is, and an end that has passed does not', () => {
  const target = { all: [{ role: 'responder' }, { not: { any: [{ fence: 'f' }, { area: 'drawn' }] } }] };
  const kept = keptBy({ ...said, target: JSON.parse(JSON.stringify(target).replace('drawn', 'x-1')) as object, area_fence_id: 'x-1' });
  const taken = draftOf({ ...kept, expires_at: '2026-11-22T14:00:00Z' } as Alert, 'etag', Date.parse('2026-11-23T12:00:00Z'));
  expect(taken.kept?.expires_at).toBeNull();
  expect(bodyOf(taken, 0)).toMatchObject({ target });
});

test('a quorum alone does not make a plan of its own', () => {
  expect(bodyOf({ ...draft, quorum: { reply: 'safe', count: 1 } }, 0)?.plan).toEqual({ quorum: { reply: 'safe', count: 1 } });
});

test.each([...SHORT_TEXTS.map(({ texts: ready }) => ready), READY.all_clear, READY.cancel])(
  'each ready text is there in both languages, and has no letter that makes an SMS dear',
  (ready) => {
    expect(Object.keys(ready).toSorted()).toEqual(['en', 'nl']);
    for (const { body } of Object.values(ready)) expect(measure(body)).toMatchObject({ parts: 1, costly: [] });
  },
);
