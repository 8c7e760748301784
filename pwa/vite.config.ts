import { defineConfig } from 'vitest/config';
import type { Plugin } from 'vite';
import { firstPages } from './scripts/first-pages.ts';
import { serviceWorker } from './scripts/service-worker.ts';

/** The server behind `npm run dev`: a `muster serve` or `make demo` of your own. */
const server = process.env['MUSTER_URL'] ?? 'http://127.0.0.1:8000';

/** What ties files of several modules together is needed by the first words: its page names it, so that nothing waits for it. */
const runtime: Plugin = {
  name: 'muster:runtime',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle = {} }) =>
      Object.keys(bundle)
        .filter((name) => name.includes('rolldown-runtime'))
        .map((name) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/${name}` }, injectTo: 'head' as const })),
  },
};

export default defineConfig({
  appType: 'spa',
  build: {
    target: 'es2022',
    // Trusted Types refuse the polyfill's and the inliner's tricks; every asset is a file of our own.
    assetsInlineLimit: 0,
    // A page names all that its entry imports: a slow network is waited for once. The entry lists what each screen needs beforehand: its styles,
    // and the scripts of those screens with which people begin. The others' come from the worker's cache, and their names alone would weigh more
    // than the shell's code.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (file, needed, { hostType }) =>
        needed.filter((one) => hostType === 'html' || one.endsWith('.css') || /\/(first|field|inbox)-/.test(file)),
    },
    rolldownOptions: {
      input: { index: 'index.html', kiosk: 'kiosk.html' },
      // What a screen alone uses of the kit goes with that screen, though the shell imports from the same index.
      treeshake: { moduleSideEffects: (id) => !/\/src\/(ui|i18n|api)\//.test(id) },
      // What the first screen is made of comes in few files: a browser asks for six at a time, and a slow network is waited for each time.
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            {
              name: 'kit',
              test: /(vite\/preload-helper|\/node_modules\/(preact|@preact)\/|\/src\/(i18n\/|ui\/(t|clock|icon|button|dialog|state)\.tsx?|app\/trusted-types\.ts|styles\/index\.css|features\/today\/today\.css))/,
            },
            {
              name: 'device',
              test: /(\/node_modules\/(idb|openapi-fetch)\/|\/src\/offline\/|\/src\/api\/(client|connection|failure)\.ts)/,
            },
            { name: 'field', test: /\/src\/ui\/(field|choice|validity|page|prose)\.tsx?$/ },
            {
              name: 'first',
              test: /\/src\/(features\/(session\/(sign-in|frame|device-choices|words)|today\/(index|standing|store|words))|location\/(sharing|windows)|geo\/[a-z]+|api\/(form|explain))\.tsx?$/,
            },
            { name: 'kit.en', test: /\/src\/(ui|api)\/words\.en\.ts$/ },
            { name: 'kit.nl', test: /\/src\/(ui|api)\/words\.nl\.ts$/ },
            { name: 'first.en', test: /\/src\/(app|features\/(session|today))\/words\.en\.ts$/ },
            { name: 'first.nl', test: /\/src\/(app|features\/(session|today))\/words\.nl\.ts$/ },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '^/(api|privacy)': { target: server, changeOrigin: true } } },
  plugins: [runtime, firstPages(), serviceWorker()],
  test: { include: ['scripts/**/*.test.ts', 'tests/unit/**/*.test.{ts,tsx}'] },
});
