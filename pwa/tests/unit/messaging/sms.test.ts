import fc from 'fast-check';
import { expect, test } from 'vitest';
import { measure, plainly } from '../../../src/messaging/sms';

test('160 plain letters are one part, one more makes two of 153', () => {
  expect(measure('a'.repeat(160))).toMatchObject({ encoding: 'gsm', parts: 1, left: 0 });
  expect(measure('a'.repeat(161))).toMatchObject({ parts: 2, left: 306 - 161 });
  expect(measure('')).toMatchObject({ parts: 0, left: 160 });
});

test('the euro counts twice and is never split over two parts', () => {
  expect(measure('€'.repeat(80))).toMatchObject({ encoding: 'gsm', parts: 1, units: 160 });
  expect(measure('a'.repeat(152) + '€' + 'a'.repeat(10))).toMatchObject({ parts: 2, left: 153 - 12 });
});

test('a Dutch e-diaeresis costs the whole text, and is named', () => {
  expect(measure('coördinatie is géén reden, ruïne ook niet: knieën')).toMatchObject({ encoding: 'ucs2', costly: ['ï', 'ë'], parts: 1 });
  expect(measure('ë'.repeat(71))).toMatchObject({ parts: 2, left: 134 - 71 });
});

test('a surrogate pair stays whole', () => {
  expect(measure('ë'.repeat(66) + '🔥' + 'ë'.repeat(10))).toMatchObject({ parts: 2, left: 67 - 12 });
});

test('more text is never cheaper, and its parts hold it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, other) => {
      const [short, long] = [measure(one), measure(one + other)];
      const most = long.encoding === 'gsm' ? 160 : 70;
      expect(long.parts).toBeGreaterThanOrEqual(short.parts);
      expect(long.units).toBeLessThanOrEqual(Math.max(1, long.parts) * most);
      expect(long.left).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('the plain form of a text keeps what is free and drops only marks that cost', () => {
  expect(plainly('reünie in café “de Zoë” – 5 €')).toBe('reünie in café "de Zoe" - 5 €');
  expect(plainly('日本 🔥')).toBe('日本 🔥');
});
