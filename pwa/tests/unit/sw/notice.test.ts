import { expect, test } from 'vitest';
import { noticeOf } from '../../../sw/notice';

const ID = '0192f0c1-2b3c-7d4e-8f50-617283940a1b';
const of = (said: object, language = 'nl-NL') => noticeOf(JSON.stringify(said), language);

test('a push shows its words in its language, and one that replaces another is heard again', () => {
  const { title, options } = of(
    { title: 'Brand', body: 'Verlaat het pand', locale: 'nl', tag: ID, url: 'https://elsewhere.example' },
    'en',
  );
  expect(title).toBe('Brand');
  expect(options).toMatchObject({ body: 'Verlaat het pand', lang: 'nl', tag: ID, renotify: true, data: { url: `/inbox/${ID}` } });
});

test.each([null, '', 'nonsense', '{}', 'null', '{"title":7,"tag":[]}'])('whatever came (%s), something is shown', (data) => {
  expect(noticeOf(data, 'nl')).toMatchObject({ title: 'Nieuw bericht', options: { lang: 'nl', data: { url: '/inbox' } } });
  expect(noticeOf(data, 'fr').title).toBe('New message');
});

test.each(['https://elsewhere.example/inbox/1', '../api/v1/session', `test-${ID}`])('a press on %s never leads out of the app', (tag) => {
  expect(of({ title: 'Proef', tag }).options.data).toEqual({ url: '/account/reach' });
});
