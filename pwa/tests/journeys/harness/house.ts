import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../../../..');
const python = join(root, '.venv/bin/python');
const startLimitMs = 300_000;

/** Where a server for journeys is. `control` furnishes it: see tests/journeys/house.py at the root of the repository. */
export interface Address {
  url: string;
  control: string;
}

/** Somebody who can sign in. `newcomer` must change the password first. */
export interface Person {
  name: string;
  person_id: string;
  sign_in: string;
  password: string;
}

export type Role = 'owner' | 'manager' | 'sender' | 'responder' | 'reception' | 'employee' | 'privacy_officer' | 'colleague' | 'newcomer';

/** An organization that nobody else uses: see tests/journeys/furnish.py at the root of the repository. */
export interface Organization {
  id: number;
  slug: string;
  locale: 'nl' | 'en';
  site_id: string;
  group_id: string;
  fences: { circle: string; square: string };
  people: Record<Role, Person>;
  /** The colleague's, shared and on. */
  phone: { device_id: string; token: string; person_id: string };
  kiosk: { device_id: string; token: string };
  extra_people: string[];
}

/** The middle of the fence `circle` (150 m), and a place far from both. */
export const inside = { latitude: 52.2508, longitude: 6.1557 };
export const outside = { latitude: 52.26, longitude: 6.19 };

/** The server that the global set-up started for all. */
export const commonHouse = (): Address => JSON.parse(process.env['MUSTER_HOUSE_ADDRESS'] ?? '') as Address;

/** A new organization in a house. */
export async function newOrganization(house: Address, wanted: { locale?: 'nl' | 'en'; extra_people?: number } = {}): Promise<Organization> {
  return (await ask(house, '/organizations', wanted)) as Organization;
}

/** A large organization with everybody in one of its fences (Utrecht); the owner can sign in. */
export async function newTown(house: Address, people: number): Promise<{ people: { owner: Person } }> {
  return (await ask(house, '/towns', { people })) as { people: { owner: Person } };
}

/** End the server of a house, or start it again at its address. Only in a house of your own. */
export async function turnServer(house: Address, up: boolean): Promise<void> {
  await ask(house, '/server', { up });
}

/** The text messages that arrived at a number, the oldest first. */
export async function textsTo(house: Address, telephone: string): Promise<string[]> {
  return ((await ask(house, '/sms', { to: telephone })) as { texts: string[] }).texts;
}

/** Delete what of an organization's visits is past its term so many days from now, as the clock does each night. */
export async function forgetVisits(house: Address, organization_id: number, days: number): Promise<void> {
  await ask(house, '/retention', { organization_id, days });
}

async function ask(house: Address, path: string, body: object): Promise<unknown> {
  const answer = await fetch(house.control + path, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`the house answers ${answer.status} to ${path}`);
  return answer.json();
}

/** Servers of one's own: PostgreSQL, Redis, and `muster serve`. `dist`: another build of the app than pwa/dist. */
export async function openHouse(dist?: string): Promise<{ address: Address; close: () => Promise<void> }> {
  const directory = mkdtempSync(join(root, 'var/journeys-'));
  const file = join(directory, 'house.json');
  const { DATABASE_URL: _, REDIS_URL: __, ...environment } = process.env;
  const started = ['-m', 'app.embedded', 'run', '--throwaway', directory, '--', python, '-m', 'tests.journeys.house', file];
  // The kernel ends it with us, should we be killed.
  const house = spawn('setpriv', ['--pdeathsig', 'TERM', python, ...started], {
    cwd: root,
    env: { ...environment, ...(dist ? { PWA_DIR: dist } : {}) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [house.stdout, house.stderr]) stream.on('data', (text: Buffer) => said.push(text.toString()));
  const close = async () => {
    await ended(house);
    await promisify(execFile)(python, ['-m', 'app.embedded', 'delete', directory], { cwd: root });
  };
  for (const end = Date.now() + startLimitMs; Date.now() < end && house.exitCode === null; await pause(100)) {
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text) return { address: JSON.parse(text) as Address, close };
  }
  await close();
  throw new Error(`the server for the journeys does not start:\n${said.join('')}`);
}

async function ended(house: ChildProcess): Promise<void> {
  if (house.exitCode !== null || house.signalCode !== null) return;
  const over = new Promise((done) => house.once('exit', done));
  house.kill('SIGTERM');
  await over;
}

/** The address in a file that `python -m tests.journeys.house` wrote. */
export const addressIn = (file: string): Address => JSON.parse(readFileSync(file, 'utf8')) as Address;
