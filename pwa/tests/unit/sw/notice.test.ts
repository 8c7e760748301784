import { expect, test } from 'vitest';
import { noticeOf } from '../../../sw/notice';

const ORIGIN = 'https://muster.example';
const of = (notification: object, language = 'nl-NL') => noticeOf(JSON.stringify({ web_push: 8030, notification }), language, ORIGIN);

test('a push shows its words in its language, and one that replaces another is heard again', () => {
  const { title, options } = of(
    { title: 'Brand', body: 'Verlaat het pand', lang: 'nl', tag: '0f-1', navigate: `${ORIGIN}/inbox/0f-1` },
    'en',
  );
  expect(title).toBe('Brand');
  expect(options).toMatchObject({ body: 'Verlaat het pand', lang: 'nl', tag: '0f-1', renotify: true, data: { url: '/inbox/0f-1' } });
});

test.each([null, '', 'nonsense', '{}', 'null', '{"notification":{"title":7}}'])('whatever came (%s), something is shown', (data) => {
  expect(noticeOf(data, 'nl', ORIGIN)).toMatchObject({ title: 'Nieuw bericht', options: { lang: 'nl', data: { url: '/inbox' } } });
  expect(noticeOf(data, 'fr', ORIGIN).title).toBe('New message');
});

test.each(['https://elsewhere.example/inbox/1', 'javascript:alert(1)', '//elsewhere.example', 'http://muster.example/inbox'])(
  'a press never leads to %s',
  (navigate) => {
    expect(of({ title: 'Brand', tag: 'a/b', navigate }).options.data).toEqual({ url: '/inbox/a%2Fb' });
  },
);
