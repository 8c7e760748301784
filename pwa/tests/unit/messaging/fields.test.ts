import { expect, test } from 'vitest';
import '../browser';
import { fieldsIn, filled } from '../../../src/messaging/templates';

const texts = {
  nl: { subject: 'Brand bij {place}', body: 'Verlaat {place} voor {time}. {{let op}}' },
  en: { subject: 'Fire', body: 'Leave by {exit_2}; {Not} {2a}' },
};

test('fields of all languages are named once, and doubled braces are none', () => {
  expect(fieldsIn(texts)).toEqual(['place', 'time', 'exit_2']);
});

test('what is filled in is shown, what is not stays a field', () => {
  expect(filled(texts, { place: 'de hal', time: '  ' })).toEqual({
    nl: { subject: 'Brand bij de hal', body: 'Verlaat de hal voor {time}. {let op}' },
    en: { subject: 'Fire', body: 'Leave by {exit_2}; {Not} {2a}' },
  });
});
