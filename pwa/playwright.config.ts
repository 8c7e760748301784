import { defineConfig } from '@playwright/test';
import { launch, launchShell } from './tests/journeys/harness/launch.ts';
import { everyLook, isMatrix } from './tests/journeys/harness/look.ts';
import type { Options } from './tests/journeys/harness/index.ts';

const looks = isMatrix ? everyLook.map((look) => ({ name: ` ${Object.values(look).join(' ')}`, use: { look } })) : [{ name: '', use: {} }];

/**
 * Journeys through the app on the real server, see tests/journeys/README.md. Each runs once, in a look drawn from its name;
 * with MATRIX=all in every one: both languages, phone and desk, light and dark.
 */
export default defineConfig<Options>({
  testDir: 'tests/journeys',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  globalSetup: './tests/journeys/harness/setup.ts',
  fullyParallel: true,
  forbidOnly: Boolean(process.env['CI']),
  workers: 2,
  // A shared machine may stop for seconds: there a journey may try again, and is told as flaky.
  retries: process.env['CI'] ? 2 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    screenshot: 'only-on-failure',
    trace: 'off',
  },
  // What only the whole browser has (push, background sync, installing) is tagged @browser.
  projects: looks.flatMap(({ name, use }) => [
    { name: `journeys${name}`, grepInvert: /@browser/, use: { ...use, launchOptions: launchShell } },
    { name: `browser${name}`, grep: /@browser/, use: { ...use, launchOptions: launch } },
  ]),
});
