import { expect, test } from 'vitest';
import '../browser';
import { type Browser, bytes, standingOf } from '../../../src/messaging/push';

const able: Browser = { secure: true, worker: true, push: true, permission: 'default', apple: false, installed: false, subscribed: false };

test.each([
  ['a page without HTTPS', { secure: false }, 'insecure'],
  ['an iPhone in Safari, which has no push there', { apple: true, push: false, permission: null }, 'install'],
  ['an iPhone with the app on the home screen', { apple: true, installed: true }, 'ask'],
  ['a browser without push', { push: false }, 'unable'],
  ['a person who said no', { permission: 'denied' }, 'denied'],
  ['a person who was not asked', {}, 'ask'],
  ['a person who said yes and turned it off', { permission: 'granted' }, 'off'],
  ['a person who takes pushes', { permission: 'granted', subscribed: true }, 'on'],
] as const)('%s', (_, change, expected) => {
  expect(standingOf({ ...able, ...change })).toBe(expected);
});

test('a key in base64url becomes its bytes', () => {
  expect([...bytes('-_8A')]).toEqual([251, 255, 0]);
});
