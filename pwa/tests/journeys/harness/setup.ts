import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { addressIn, openHouse } from './house.ts';

const pwa = resolve(import.meta.dirname, '../../..');

/**
 * One real server for all journeys. OWN_BUILD=1 builds the app for this run alone, beside whatever others build;
 * MUSTER_HOUSE=file uses a server that runs already (`python -m tests.journeys.house` wrote the file).
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  mkdirSync(join(pwa, '../var'), { recursive: true });
  const running = process.env['MUSTER_HOUSE'];
  if (running) {
    process.env['MUSTER_HOUSE_ADDRESS'] = JSON.stringify(addressIn(running));
    return undefined;
  }
  const dist = process.env['OWN_BUILD'] ? await built() : undefined;
  console.log('muster: starting a server for the journeys ...');
  const house = await openHouse(dist);
  process.env['MUSTER_HOUSE_ADDRESS'] = JSON.stringify(house.address);
  return async () => {
    await house.close();
    if (dist) rmSync(dist, { recursive: true });
  };
}

async function built(): Promise<string> {
  console.log('muster: building the web app for this run ...');
  const dist = mkdtempSync(join(pwa, '../var/dist-'));
  await promisify(execFile)('npm', ['run', '--silent', 'build', '--', '--outDir', dist, '--emptyOutDir'], { cwd: pwa });
  return dist;
}
