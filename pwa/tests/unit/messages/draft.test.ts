import { beforeEach, expect, test } from 'vitest';
import '../browser';
import { bodyOf, type Draft, fresh, lacks } from '../../../src/features/messages/draft';
import { setZone } from '../../../src/i18n';
import { nobody } from '../../../src/messaging/target';

const NOW = Date.parse('2026-10-20T12:00:00Z');
const GROUP = '0192f0c1-2b3c-7d4e-8f50-617283940a1b';
const whole: Draft = {
  ...fresh(['sms']),
  chosen: { ...nobody, groups: [GROUP] },
  texts: { nl: { subject: '', body: 'Kom om tien uur.' } },
};

beforeEach(() => {
  setZone('Europe/Amsterdam');
});

test('an empty message lacks people and a text, and has no body', () => {
  expect(lacks(fresh(), NOW)).toEqual(['target', 'text']);
  expect(bodyOf(fresh(), NOW)).toBeNull();
});

test('a written message is its own body', () => {
  expect(bodyOf(whole, NOW)).toEqual({ texts: whole.texts, target: { group: GROUP }, channels: ['sms'], asks_reply: false });
});

test('a second language that was begun must be written or taken away', () => {
  expect(lacks({ ...whole, texts: { ...whole.texts, en: { subject: 'Come', body: ' ' } } }, NOW)).toEqual(['text']);
});

test('a template sends only the fields that it has, and only once all are filled in', () => {
  const template = { id: GROUP, name: 'Ontruiming', texts: { nl: { subject: '', body: 'Verlaat {place}.' } }, fields: { old: 'x' } };
  expect(lacks({ ...whole, template }, NOW)).toEqual(['fields']);
  expect(bodyOf({ ...whole, template: { ...template, fields: { old: 'x', place: ' de hal ' } } }, NOW)).toMatchObject({
    template: { id: GROUP, fields: { place: 'de hal' } },
  });
});

test.each([
  ['2026-10-24', '09:00', '2026-10-24T07:00:00.000Z'],
  ['2026-10-25', '09:00', '2026-10-25T08:00:00.000Z'],
])('%s %s is the organization’s clock, on both sides of the end of summer time', (day, time, due_at) => {
  expect(bodyOf({ ...whole, due: { day, time, theirs: true } }, NOW)).toMatchObject({ due_at, in_their_zone: true });
});

test('a time that is over, or half a time, is no time', () => {
  expect(lacks({ ...whole, due: { day: '2026-10-20', time: '13:59', theirs: false } }, NOW)).toEqual(['due']);
  expect(lacks({ ...whole, due: { day: '2026-10-21', time: '', theirs: false } }, NOW)).toEqual(['due']);
});
