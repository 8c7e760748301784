import { existsSync } from 'node:fs';

const shell = '/usr/bin/chromium-headless-shell';

/** Debian's Chromium, or the one of CHROMIUM, that asks nobody for anything by itself. */
export const launch = {
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** The same without its windows, where it is installed: a quarter less work, but it has neither push nor background sync. */
export const launchShell = process.env['CHROMIUM'] || !existsSync(shell) ? launch : { ...launch, executablePath: shell };
