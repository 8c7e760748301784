/**
 * Builds sw/ into dist/sw.js after everything else, and lists for it which files the build made: beside it, so that it stays small.
 * All of them are the shell (there without a network from the first visit), but what no entry needs at once and weighs more than `LIGHT_BYTES`.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { build, type Plugin, type Rollup } from 'vite';
import { filesOf } from './files-of.ts';

const LIGHT_BYTES = 64 * 1024;
const NOT_FOR_BROWSERS = /(\.(br|gz|map|pmtiles)|^first\/.*|^sw\.js|\.DS_Store)$/;

export function serviceWorker(): Plugin {
  let root = '';
  return {
    name: 'muster:service-worker',
    apply: 'build',
    configResolved(config) {
      root = config.root;
    },
    async writeBundle(options, bundle) {
      const dist = options.dir ?? join(root, 'dist');
      const needed = filesOf(bundle as unknown as Rollup.OutputBundle, (chunk) => chunk.isEntry);
      const shell: [string, string | null][] = [];
      const heavy: string[] = [];
      const all = createHash('sha256');
      for (const name of filesIn(dist).filter((one) => !NOT_FOR_BROWSERS.test(one))) {
        const content = readFileSync(join(dist, name));
        all.update(name).update(content);
        if (content.length > LIGHT_BYTES && !needed.has(name)) heavy.push(`/${name}`);
        else shell.push([`/${name}`, name.startsWith('assets/') ? null : createHash('sha256').update(content).digest('hex').slice(0, 12)]);
      }
      const build = all.digest('hex').slice(0, 12);
      const list = `assets/files-${build}.json`;
      writeFileSync(join(dist, list), JSON.stringify({ shell, heavy }));
      await bundleWorker(root, dist, { BUILD: JSON.stringify(build), LIST: JSON.stringify(`/${list}`) });
    },
  };
}

function bundleWorker(root: string, dist: string, define: Record<string, string>): Promise<unknown> {
  return build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'warn',
    define,
    build: {
      outDir: dist,
      emptyOutDir: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: join(root, 'sw/index.ts'), output: { format: 'iife', entryFileNames: 'sw.js' } },
    },
  });
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
