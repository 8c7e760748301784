import { expect, test } from 'vitest';
import '../browser';
import { isLate, nextRun } from '../../../src/features/visits/deletions';
import { readGuests, textOf } from '../../../src/features/visits/guests';
import { daysAfter, momentOf, ruleOf, timeIn } from '../../../src/features/visits/times';

const ZONE = 'Europe/Amsterdam';

test('a pasted list has a name on each line, and an e-mail address and a number in either order', () => {
  const { people, wrong } = readGuests(
    'Jan de Wit; jan@example.org; +31 6 1234-5678\n\nAnna\t0612345678\tanna@example.org\n李 小龙 🎉',
    'nl',
  );
  expect(wrong).toEqual([]);
  expect(people).toEqual([
    { name: 'Jan de Wit', locale: 'nl', email: 'jan@example.org', telephone: '+31612345678' },
    { name: 'Anna', locale: 'nl', email: 'anna@example.org', telephone: '0612345678' },
    { name: '李 小龙 🎉', locale: 'nl' },
  ]);
});

test('a separator inside quotes belongs to the name', () => {
  expect(readGuests('"Wit, Jan de",jan@example.org', 'en').people).toEqual([
    { name: 'Wit, Jan de', locale: 'en', email: 'jan@example.org' },
  ]);
});

const said = (text: string) => readGuests(text, 'nl').wrong.map(({ line, column, problem }) => [line, column, problem]);

test('what cannot be read is named by line and column, and the rest is read on', () => {
  expect(said('Jan\njan@example.org\nPiet; piet(at)example.org\n; x@example.org\nAnna;06;anna@example.org')).toEqual([
    [2, 1, 'noName'],
    [3, 2, 'unknown'],
    [4, 1, 'noName'],
    [5, 2, 'unknown'],
  ]);
  expect(said('Naam;Bedrijf;E-mail;Telefoon\nJan;Acme;jan@;\nPiet;;;12\nAnna;Acme;;;te veel\n;Acme;;')).toEqual([
    [2, 3, 'email'],
    [3, 4, 'telephone'],
    [4, 5, 'tooMany'],
    [5, 1, 'noName'],
  ]);
  expect(readGuests('Naam;Mail\nJan;x', 'nl').wrong[0]).toMatchObject({ head: 'Mail', cell: 'x' });
});

test('a head line says what each column is, in any order, and which are not read', () => {
  const { people, lines, unread } = readGuests(
    'sep=;\nE-mailadres;Voornaam;Tussenvoegsel;Achternaam;Afdeling;Taal\njan@example.org;Jan, dr.;de;Wit;HR;English\n\n;Zoë;;Öz;HR;',
    'nl',
  );
  expect(people).toEqual([
    { name: 'Jan, dr. de Wit', locale: 'en', email: 'jan@example.org' },
    { name: 'Zoë Öz', locale: 'nl' },
  ]);
  expect([lines, unread]).toEqual([[3, 5], ['Afdeling']]);
});

test('a cell in quotes may hold the separator, quotes and line breaks; the lines after it keep their numbers', () => {
  const { people, wrong } = readGuests('Naam;E-mail\r\n"Wit; ""Jan""\r\nde";jan@example.org\r\nPiet;x\r\n', 'nl');
  expect(people).toEqual([{ name: 'Wit; "Jan" de', locale: 'nl', email: 'jan@example.org' }]);
  expect(wrong.map(({ line }) => line)).toEqual([4]);
  expect(readGuests('Jan "de Beer" Bos\n"Piet', 'nl').people.map(({ name }) => name)).toEqual(['Jan "de Beer" Bos', '"Piet']);
});

test('a file is read as a Dutch Excel writes it: Latin-1, or UTF-8 with a mark, or UTF-16', () => {
  const latin = Uint8Array.from('Naam;E-mail\r\nZo\u00eb \u0080;\r\n', (letter) => letter.charCodeAt(0));
  expect(textOf(latin)).toEqual({ text: 'Naam;E-mail\r\nZoë €;\r\n', latin: true });
  expect(textOf(new TextEncoder().encode('\uFEFFNaam\nZoë'))).toEqual({ text: 'Naam\nZoë', latin: false });
  expect(textOf(new Uint8Array(Uint16Array.from('\uFEFFZoë', (letter) => letter.charCodeAt(0)).buffer))?.text).toBe('Zoë');
  expect(textOf(new Uint8Array([0x25, 0x50, 0, 1]))).toBeNull();
});

test('the next run of deletion is when the next day begins at the organization, and it is late ten minutes after that', () => {
  expect(nextRun('2026-03-28', ZONE)).toBe('2026-03-28T23:00:00.000Z');
  expect(nextRun('2026-03-29', ZONE)).toBe('2026-03-29T22:00:00.000Z');
  const at = (time: string) => isLate('2026-03-29', Date.parse(time), ZONE);
  expect([at('2026-03-29T21:59:00Z'), at('2026-03-29T22:09:00Z'), at('2026-03-29T22:11:00Z')]).toEqual([false, false, true]);
});

test('a wall clock of the site is one moment, also on the days when clocks change', () => {
  expect(momentOf('2026-07-01', '10:00', ZONE)).toBe('2026-07-01T08:00:00.000Z');
  expect(momentOf('2026-12-01', '10:00', ZONE)).toBe('2026-12-01T09:00:00.000Z');
  expect(momentOf('2026-03-29', '03:30', ZONE)).toBe('2026-03-29T01:30:00.000Z');
  expect(momentOf('2026-10-25', '00:30', ZONE)).toBe('2026-10-24T22:30:00.000Z');
  expect(timeIn('2026-12-01T23:05:00Z', ZONE)).toBe('00:05');
});

test('a repetition always ends', () => {
  expect(ruleOf('once', '2026-12-01')).toBeNull();
  expect(ruleOf('workdays', '2026-12-01')).toBe('FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261201');
  expect(daysAfter('2028-02-28', 1)).toBe('2028-02-29');
});
