import { defineConfig } from 'vitest/config';
import { serviceWorker } from './scripts/service-worker.ts';

/** The server behind `npm run dev`: a `muster serve` or `make demo` of your own. */
const server = process.env['MUSTER_URL'] ?? 'http://127.0.0.1:8000';

export default defineConfig({
  appType: 'spa',
  build: {
    target: 'es2022',
    // Trusted Types refuse the polyfill's and the inliner's tricks; every asset is a file of our own.
    assetsInlineLimit: 0,
    // The entry lists what each screen needs beforehand: its styles, and the scripts of those screens with which people begin. The others' come
    // from the worker's cache, and their names alone would weigh more than the shell's code.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (file, needed) => needed.filter((one) => one.endsWith('.css') || /\/(sign-in|today|inbox)-/.test(file)),
    },
    rolldownOptions: {
      input: { index: 'index.html', kiosk: 'kiosk.html' },
      // What a screen alone uses of the kit goes with that screen, though the shell imports from the same index.
      treeshake: { moduleSideEffects: (id) => !/\/src\/(ui|i18n|api)\//.test(id) },
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '^/(api|privacy)': { target: server, changeOrigin: true } } },
  plugins: [serviceWorker()],
  test: { include: ['scripts/**/*.test.ts', 'tests/unit/**/*.test.{ts,tsx}'] },
});
