import { describe, expect, test } from 'vitest';
import type { Arrived, Form, Found } from '../../../src/api/kiosk-visits-types';
import {
  arrivalOf,
  asksOf,
  digitsIn,
  leaverIn,
  nextAgreement,
  nobodyYet,
  outcomeOf,
  purposeOf,
  textOf,
  tokenIn,
  walkInTypes,
} from '../../../src/features/kiosk/visit/reception';

const TOKEN = `v12-${'Ab_-'.repeat(5)}xy`;
const company = { field: 'company', purpose: { nl: 'Voor de lijst' }, days: 30, required: false } as const;
const plate = { field: 'plate', purpose: { nl: 'Parkeren', en: 'Parking' }, days: 1, required: true } as const;
const rules = {
  version_id: 'rules-2',
  name: 'Huisregels',
  texts: { nl: 'Loop rechts.', en: 'Walk right.' },
  sha256: { nl: 'aa', en: 'bb' },
};
const secrecy = { version_id: 'secrecy-1', name: 'Geheim', texts: { nl: 'Zwijg.' }, sha256: { nl: 'cc' } };
const form: Form = {
  types: [
    {
      id: 'guest',
      name: 'Gast',
      kind: 'visitor',
      walk_in: true,
      badge: true,
      keep_days: 30,
      fields: [company, plate],
      agreements: ['rules-2'],
    },
    {
      id: 'audit',
      name: 'Audit',
      kind: 'visitor',
      walk_in: false,
      badge: true,
      keep_days: 30,
      fields: [],
      agreements: ['rules-2', 'secrecy-1'],
    },
  ],
  agreements: [rules, secrecy],
  house_rules: {},
};
const found: Found = {
  visit_id: 'visit',
  name: 'Ann',
  visit_type_id: 'guest',
  state: 'expected',
  host: null,
  asks: ['plate'],
  agreements: [],
  deletes_on: '2026-06-01',
};
const arrived: Arrived = {
  visit_id: 'visit',
  state: 'on_site',
  name: 'Ann',
  host: 'Mark',
  host_known: true,
  badge: true,
  badge_number: 7,
  already: false,
  expected_until: '2026-05-02T15:00:00Z',
  deletes_on: '2026-06-01',
};

describe('what is scanned and typed', () => {
  test.each([TOKEN, `muster:visit:${TOKEN}`, `https://muster.example/v/${TOKEN}`, ` muster:visit:${TOKEN}\n`])('%j is a visit', (text) =>
    expect(tokenIn(text)).toBe(TOKEN),
  );
  test.each(['', `muster:me:${TOKEN}`, TOKEN.slice(0, -1), `${TOKEN}z`, `https://muster.example/v/${TOKEN}?x`, 'v12-'])(
    '%j is none',
    (text) => expect(tokenIn(text)).toBeNull(),
  );
  test('six digits count however they are grouped; anything else is a name', () => {
    expect(['123456', '123 456', '123-456'].map(digitsIn)).toEqual(['123456', '123456', '123456']);
    expect(['12345', '1234567', '12345a', '١٢٣٤٥٦'].map(digitsIn)).toEqual([null, null, null, null]);
    expect(leaverIn('123 456')).toEqual({ code: '123456' });
    expect(leaverIn('  Zoë 王小明 👩‍🚀 ')).toEqual({ name: 'Zoë 王小明 👩‍🚀' });
  });
});

describe('what is asked', () => {
  test('only types for walking in are offered to whoever walks in', () => {
    expect(walkInTypes(form).map(({ id }) => id)).toEqual(['guest']);
    expect(walkInTypes(null)).toEqual([]);
  });
  test('whoever walks in tells all that their type asks; who was invited only what they did not tell', () => {
    expect(asksOf({ ...nobodyYet, type_id: 'guest' }, form)).toEqual([company, plate]);
    expect(asksOf({ ...nobodyYet, found }, form)).toEqual([plate]);
    expect(asksOf({ ...nobodyYet, found: { ...found, asks: [] } }, form)).toEqual([]);
  });
  test('a purpose is told in the language of the screen, else in the one there is', () => {
    expect(purposeOf(plate, 'en')).toBe('Parking');
    expect(purposeOf(company, 'en')).toBe('Voor de lijst');
  });
});

describe('agreements', () => {
  test('come one after the other until each was agreed to', () => {
    const draft = { ...nobodyYet, type_id: 'audit' };
    expect(nextAgreement(draft, form)).toBe(rules);
    const one = { ...draft, agreed: [{ version_id: 'rules-2', locale: 'nl', sha256: 'aa' } as const] };
    expect(nextAgreement(one, form)).toBe(secrecy);
    expect(nextAgreement({ ...one, agreed: [...one.agreed, { version_id: 'secrecy-1', locale: 'nl', sha256: 'cc' }] }, form)).toBeNull();
  });
  test('who signed this version before is not asked again', () => {
    expect(nextAgreement({ ...nobodyYet, found }, form)).toBeNull();
    expect(nextAgreement({ ...nobodyYet, found: { ...found, agreements: ['rules-2'] } }, form)).toBe(rules);
  });
  test('what is kept is the text that was read', () => {
    expect(textOf(rules, 'en')).toEqual({ text: 'Walk right.', agreed: { version_id: 'rules-2', locale: 'en', sha256: 'bb' } });
    expect(textOf(secrecy, 'en')).toEqual({ text: 'Zwijg.', agreed: { version_id: 'secrecy-1', locale: 'nl', sha256: 'cc' } });
    expect(textOf({ ...rules, texts: {} }, 'nl')).toBeNull();
  });
});

describe('what is sent', () => {
  const draft = { ...nobodyYet, name: ' Ann ', type_id: 'guest', host_name: ' ', fields: { company: ' ', plate: 'AB-12-C' } };
  test('empty fields are not sent, and no host when none was named', () => {
    expect(arrivalOf(draft, 'nl')).toEqual({
      walk_in: { name: 'Ann', visit_type_id: 'guest' },
      locale: 'nl',
      fields: { plate: 'AB-12-C' },
      agreed: [],
    });
    expect(arrivalOf({ ...draft, host_name: 'Mark de Manager ' }, 'nl').walk_in?.host_name).toBe('Mark de Manager');
  });
  test('who was found is sent by their visit alone', () => {
    const body = arrivalOf({ ...draft, known: { code: '123456' }, found }, 'en');
    expect(body).toMatchObject({ visit_id: 'visit', locale: 'en' });
    expect(body).not.toHaveProperty('walk_in');
    expect(body).not.toHaveProperty('code');
  });
  test('a code that could not be looked up goes with the name', () => {
    expect(arrivalOf({ ...draft, known: { code: '123456' } }, 'nl')).toMatchObject({ code: '123456', walk_in: { name: 'Ann' } });
  });
});

describe('what the screen says', () => {
  test('of everybody who is not let in at once it knows nothing but that', () => {
    const waiting = outcomeOf({ ...arrived, state: 'waiting' });
    const denied = outcomeOf({ ...arrived, state: 'refused', host: null, host_known: null, badge: false, badge_number: null });
    expect(denied).toEqual(waiting);
    expect(waiting).toEqual({ is: 'wait' });
  });
  test('whoever comes in sees who hears of it', () => {
    expect(outcomeOf(arrived)).toEqual({
      is: 'in',
      visit_id: 'visit',
      name: 'Ann',
      host: 'Mark',
      badge: true,
      number: 7,
      deletes_on: '2026-06-01',
    });
  });
});
