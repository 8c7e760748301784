/**
 * What a browser downloads, against what we allow ourselves (gzip). node tests/budgets/sizes.ts DIRECTORY
 *
 * Read from the build itself: an entry is what its page loads and all that those files import before anything runs; `all of it` follows
 * imports on demand too. The map is every file with the library in it. Exit 1 when something is too large.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface Size {
  what: string;
  bytes: number;
  limit: number;
  files: string[];
}

const AT_ONCE = /(?:from|import)\s*["']\.\/([^"']+\.js)["']/g;
const ON_DEMAND = /import\(\s*["'`]\.\/([^"'`]+\.js)["'`]/g;
/** Vite names what a chunk needs (style sheets too) in one list at the top of the file. */
const NEEDED = /["'](?:\.\/|assets\/)([^"'/]+\.(?:js|css))["']/g;
const LINKED = /(?:src|href)="\/assets\/([^"]+\.(?:js|css))"/g;

/** Every budget of design, measured in a build. */
export function sizes(dist: string): Size[] {
  const assets = join(dist, 'assets');
  const text = (name: string) => readFileSync(join(assets, name), 'utf8');
  const named = (pattern: RegExp, from: string) =>
    [...from.matchAll(pattern)].map(([, name = '']) => name).filter((name) => existsSync(join(assets, name)));
  const reached = (page: string, patterns: RegExp[]) => {
    const found = new Set(named(LINKED, readFileSync(join(dist, page), 'utf8')));
    for (const name of found)
      if (name.endsWith('.js')) for (const pattern of patterns) for (const next of named(pattern, text(name))) found.add(next);
    return [...found].map((name) => join(assets, name));
  };
  const of = (ending: string, files: string[]) => files.filter((file) => file.endsWith(ending));
  const entry = reached('index.html', [AT_ONCE]);
  const kiosk = reached('kiosk.html', [AT_ONCE, ON_DEMAND, NEEDED]);
  const map = readdirSync(assets).filter((name) => /\.(js|css)$/.test(name) && text(name).includes('maplibregl'));
  const worker = readdirSync(assets).filter((name) => /^maplibre-gl-worker.*\.js$/.test(name));
  return [
    size('entry JS', 35, of('.js', entry)),
    size('entry CSS', 8, of('.css', entry)),
    size('service worker', 10, [join(dist, 'sw.js')]),
    size('kiosk, all of it', 60, [join(dist, 'kiosk.html'), ...kiosk]),
    size(
      'map, on demand',
      500,
      [...new Set([...map, ...worker])].map((name) => join(assets, name)),
    ),
  ];
}

function size(what: string, limitKb: number, files: string[]): Size {
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0);
  return { what, bytes, limit: limitKb * 1000, files: files.map((file) => basename(file)) };
}

/** A line each, as a table. */
export const told = (found: Size[]): string =>
  found.map(({ what, bytes, limit }) => `${what.padEnd(18)} ${(bytes / 1000).toFixed(1).padStart(6)} kB of ${limit / 1000} kB`).join('\n');

if (import.meta.main) {
  const found = sizes(process.argv[2] ?? 'dist');
  console.log(told(found));
  const over = found.filter(({ bytes, limit, files }) => bytes > limit || !files.length);
  for (const { what, files } of over)
    console.error(`${what}: ${files.length ? `too large: ${files.join(', ')}` : 'not found in the build'}`);
  process.exit(over.length ? 1 : 0);
}
