/** What a push says, as what is shown of it. Pure. */

/** The declarative form (WebKit's): what an iPhone may show by itself, other browsers show from here. */
interface Declared {
  title?: unknown;
  body?: unknown;
  lang?: unknown;
  tag?: unknown;
  navigate?: unknown;
  urgent?: unknown;
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

/** Every push becomes one notification, whatever came: browsers end a subscription whose pushes stay unseen. */
export function noticeOf(data: string | null, language: string, origin: string): Notice {
  const { title, body, lang, tag, navigate, urgent } = declared(data);
  const speaks = language.startsWith('nl') ? 'nl' : 'en';
  const generic = GENERIC[speaks];
  const kept = text(tag);
  return {
    title: text(title) || text(body) || generic.title,
    options: {
      body: text(title) ? text(body) : text(body) ? '' : generic.body,
      lang: text(lang) || speaks,
      icon: '/icon-192.png',
      ...(kept && { tag: kept, renotify: true }),
      requireInteraction: urgent === true,
      data: { url: ours(text(navigate), origin) ?? (kept ? `/inbox/${encodeURIComponent(kept)}` : '/inbox') },
    },
  };
}

function declared(data: string | null): Declared {
  try {
    const found = JSON.parse(data ?? '') as { notification?: Declared } | null;
    return found?.notification ?? {};
  } catch {
    return {};
  }
}

/** An address of our own as a path; null for anybody else's. */
function ours(address: string, origin: string): string | null {
  const url = address && URL.canParse(address, origin) ? new URL(address, origin) : null;
  return url && url.origin === origin ? url.pathname + url.search : null;
}
