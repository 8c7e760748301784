/**
 * What the server answers before a browser has the app: its page, with what the first screen is made of named beforehand, so that a slow network
 * is waited for once. One for each first screen and language, in dist/first; app/web/pwa.py chooses. Today asks who this is beside its scripts.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, Rollup } from 'vite';
import { filesOf } from './files-of.ts';

const LANGUAGES = ['en', 'nl'];
const SESSION = '<link rel="preload" as="fetch" crossorigin href="/api/v1/session" />';

interface First {
  page: string;
  /** What its entry imports once it knows what to show. */
  modules: string[];
  /** The folders with its words. */
  words: string[];
  head?: string;
}

const FIRSTS: Record<string, First> = {
  'sign-in': { page: 'index.html', modules: ['features/session/sign-in.tsx'], words: ['app', 'ui', 'api', 'features/session'] },
  today: { page: 'index.html', modules: ['features/today/index.tsx'], words: ['app', 'ui', 'api', 'features/today'], head: SESSION },
  kiosk: { page: 'kiosk.html', modules: [], words: ['ui', 'features/kiosk', 'features/kiosk/visit'] },
};

export function firstPages(): Plugin {
  return {
    name: 'muster:first-pages',
    apply: 'build',
    writeBundle(options, bundle) {
      const dist = options.dir ?? 'dist';
      mkdirSync(join(dist, 'first'), { recursive: true });
      for (const [name, first] of Object.entries(FIRSTS))
        for (const language of LANGUAGES) {
          const page = readFileSync(join(dist, first.page), 'utf8');
          writeFileSync(
            join(dist, `first/${name}.${language}.html`),
            firstPage(page, bundle as unknown as Rollup.OutputBundle, first, language),
          );
        }
    },
  };
}

function firstPage(page: string, bundle: Rollup.OutputBundle, { modules, words, head }: First, language: string): string {
  const wanted = [...modules, ...words.map((folder) => `${folder}/words.${language}.ts`)];
  const needed = filesOf(bundle, (chunk) => wanted.some((one) => chunk.moduleIds.some((id) => id.endsWith(`/src/${one}`))));
  const links = [...needed].filter((file) => !page.includes(`"/${file}"`)).map(link);
  const lines = [...(head ? [head] : []), ...links].map((line) => `  ${line}\n  `).join('');
  return page.replace('<html lang="en">', `<html lang="${language}">`).replace('</head>', `${lines}</head>`);
}

const link = (file: string) => `<link rel="${file.endsWith('.css') ? 'stylesheet' : 'modulepreload'}" crossorigin href="/${file}" />`;
