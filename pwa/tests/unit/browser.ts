/** As much of a browser as the modules under test touch. Imported before them. */
import 'fake-indexeddb/auto';

const kept = new Map<string, string>();
const target = new EventTarget();

export const browser = {
  reloads: 0,
  /** Answers of the server by `METHOD path`, each a function that makes a fresh one; what was asked is in `asked`. */
  answers: new Map<string, () => Response | Promise<Response>>(),
  asked: [] as { line: string; body: string; csrf: string | null }[],
};

async function answered(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = input instanceof Request ? input : new Request(new URL(String(input), 'http://server'), init);
  const line = `${request.method} ${new URL(request.url).pathname}`;
  browser.asked.push({ line, body: await request.text(), csrf: request.headers.get('X-CSRF-Token') });
  const make = browser.answers.get(line);
  if (!make) throw new TypeError(`no answer to ${line}`);
  return make();
}

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });

export const problem = (status: number, type: string, more: object = {}, headers: Record<string, string> = {}) =>
  json({ type: `/problems/${type}`, title: type, status, detail: 'Detail.', request_id: 'abc123', errors: null, ...more }, status, headers);

const state = { at: new URL('http://server/') };
const go = (_state: unknown, _title: string, url?: string) => {
  if (url) state.at = new URL(url, state.at);
};
export const goTo = (url: string) => go(null, '', url);

Object.assign(globalThis, {
  fetch: answered,
  localStorage: {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  },
  document: { documentElement: { lang: '', dataset: {} }, hidden: false, title: 'Muster', addEventListener: () => undefined },
  history: { state: null, pushState: go, replaceState: go, scrollRestoration: 'auto' },
  location: {
    get href() {
      return state.at.href;
    },
    get origin() {
      return state.at.origin;
    },
    get pathname() {
      return state.at.pathname;
    },
    get search() {
      return state.at.search;
    },
    reload: () => void (browser.reloads += 1),
    assign: (url: string) => go(null, '', url),
  },
  scrollY: 0,
  scrollTo: () => undefined,
  addEventListener: target.addEventListener.bind(target),
  dispatchEvent: target.dispatchEvent.bind(target),
});
