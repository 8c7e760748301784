/** What a push says, as what is shown of it. Pure. */

/** As `app/adapters/push.py` writes it; `tag` is the message's id, so that an update replaces what it updates. */
interface Said {
  title?: unknown;
  body?: unknown;
  locale?: unknown;
  tag?: unknown;
}

export interface Notice {
  title: string;
  options: NotificationOptions & { renotify?: boolean };
}

const GENERIC = {
  en: { title: 'New message', body: 'Open Muster to read it.' },
  nl: { title: 'Nieuw bericht', body: 'Open Muster om het te lezen.' },
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Where a test leads, and what has no message of its own. */
const REACH = '/account/reach';

/** Every push becomes one notification, whatever came: browsers end a subscription whose pushes stay unseen. */
export function noticeOf(data: string | null, language: string): Notice {
  const { title, body, locale, tag } = said(data);
  const speaks = language.startsWith('nl') ? 'nl' : 'en';
  const [head, more, kept] = [text(title), text(body), text(tag)];
  const generic = GENERIC[speaks];
  return {
    title: head || more || generic.title,
    options: {
      body: head ? more : more ? '' : generic.body,
      lang: text(locale) || speaks,
      icon: '/icon-192.png',
      ...(kept && { tag: kept, renotify: true }),
      data: { url: ID.test(kept) ? `/inbox/${kept}` : kept ? REACH : '/inbox' },
    },
  };
}

function said(data: string | null): Said {
  try {
    return (JSON.parse(data ?? '') as Said | null) ?? {};
  } catch {
    return {};
  }
}
