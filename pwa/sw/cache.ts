/**
 * Which files are where.
 *
 * 1. The shell: all of the app but its heavy parts, fetched whole when the worker is installed. One cache for each build, so a half-installed
 *    build is never seen. Files with their hash in the name are taken over from the build before.
 * 2. The warm cache: the heavy parts (map, drawing, codes) and the map's overview. Filled when a page asks, or when they are first used.
 * 3. Any address that is a screen gets the entry from the shell, whatever the network does. The API and the server's own pages pass by.
 * 4. When a build takes over, the files of the one before stay for tabs that still run it.
 */
import { SHELL_PREFIX, WARM } from '../src/offline/names';
import { partOf } from './range';
import { placeOf } from './route';

/** Put in by the build (`scripts/service-worker.ts`): a hash of all its files, and where it lists them. */
declare const BUILD: string;
declare const LIST: string;

/** Address and content hash of each file of the shell (null: the hash is in the address), and the heavy ones. */
interface Files {
  shell: [url: string, revision: string | null][];
  heavy: string[];
}

const shell = SHELL_PREFIX + BUILD;

/** Fetch the app. Rejects when any file is missing: the browser tries again later. */
export async function installShell(): Promise<void> {
  const cache = await caches.open(shell);
  await cache.put(LIST, await fetched(LIST, 'default'));
  await Promise.all(
    (await files()).shell.map(async ([url, revision]) => {
      const kept = revision === null ? await caches.match(url) : undefined;
      await cache.put(url, kept ?? (await fetched(url, revision === null ? 'default' : 'reload')));
    }),
  );
}

async function files(): Promise<Files> {
  const kept = await (await caches.open(shell)).match(LIST);
  return (await (kept ?? (await fetched(LIST, 'default'))).json()) as Files;
}

/** Keep this build's files and those of the one before. */
export async function forgetOldShells(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(SHELL_PREFIX) && name !== shell);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
  const warm = await caches.open(WARM);
  const wanted = new Set((await files()).heavy);
  for (const { url } of await warm.keys()) {
    const { pathname } = new URL(url);
    if (pathname.startsWith('/assets/') && !wanted.has(pathname)) await warm.delete(url);
  }
}

/** Fetch the heavy parts that are not here yet, one by one; and the pages' headers anew, for the server's settings are in them. */
export async function warmUp(urls: readonly string[]): Promise<void> {
  const warm = await caches.open(WARM);
  for (const url of [...(await files()).heavy, ...urls.filter((one) => placeOf(new URL(one, location.origin), 'cors') === 'file')]) {
    if (!(await caches.match(url))) await warm.put(url, await fetched(url, 'default'));
  }
  for (const page of ['/index.html', '/kiosk.html']) await renewHeaders(page);
}

/** The answer from what is kept, or undefined: then the browser asks the network itself. */
export function answer(request: Request): Promise<Response> | undefined {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return undefined;
  const place = placeOf(url, request.mode);
  if (place === 'server') return undefined;
  if (place === 'file') return file(request, url);
  return entry(place, request);
}

async function entry(page: string, request: Request): Promise<Response> {
  return (await (await caches.open(shell)).match(page)) ?? fetch(request);
}

async function file(request: Request, url: URL): Promise<Response> {
  const cache = await caches.open(shell);
  const kept = (await cache.match(url.pathname)) ?? (await caches.match(url.pathname));
  const range = request.headers.get('Range');
  if (kept) return range ? partOf(kept, range) : kept;
  const fresh = await fetch(request);
  if (fresh.status === 200 && url.pathname.startsWith('/assets/')) {
    const copy = fresh.clone();
    await (await caches.open(WARM)).put(url.pathname, copy).catch(() => undefined); // no room: it works all the same
  }
  return fresh;
}

async function fetched(url: string, cache: RequestCache): Promise<Response> {
  const response = await fetch(url, { cache, credentials: 'omit' });
  if (!response.ok || response.redirected) throw new Error(`${url} is not to be had`);
  return response;
}

/** The same page under a new policy (another tile server, say) is no new build: only its headers change. */
async function renewHeaders(page: string): Promise<void> {
  const cache = await caches.open(shell);
  const [kept, fresh] = [await cache.match(page), await fetched(page, 'no-store')];
  if (kept && (await kept.text()) === (await fresh.clone().text())) await cache.put(page, fresh);
}
