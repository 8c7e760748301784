/**
 * The pictures of the README and of docs/pictures, from the demo: run `make demo ONCE=1`, then `.venv/bin/muster serve`, then `node scripts/pictures.ts`
 * here. One picture after the other, in the language, form and theme that its row says.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium, type Browser } from '@playwright/test';
import { launch } from '../tests/journeys/harness/launch.ts';
import { browserFor, type Look } from '../tests/journeys/harness/look.ts';

interface Picture extends Look {
  name: string;
  role: string;
  path: string;
  /** What must be on the screen before the picture is taken. */
  seen: RegExp;
}

interface Demo {
  base_url: string;
  users: { username: string; password: string; role: string }[];
  devices: { kind: string; token: string }[];
}

/** Until a map has drawn itself: its tiles come after the page. */
const DRAWN_MS = 4_000;

const root = resolve(import.meta.dirname, '../..');
const demo = JSON.parse(readFileSync(resolve(root, 'var/demo.json'), 'utf8')) as Demo;

/** The working day that the demo played: the last one that is over. */
const lastFriday = new Date(Date.now() - (((new Date().getDay() + 1) % 7) + 1) * 86_400_000).toISOString().slice(0, 10);

const PICTURES: readonly Picture[] = [
  { name: 'presence', role: 'manager', path: '/presence', seen: /Live/, language: 'en', form: 'desk', theme: 'light' },
  { name: 'presence-phone', role: 'manager', path: '/presence', seen: /Live/, language: 'nl', form: 'phone', theme: 'dark' },
  { name: 'geofences', role: 'manager', path: '/geofences', seen: /Laadplein/, language: 'nl', form: 'desk', theme: 'dark' },
  {
    name: 'attendance',
    role: 'manager',
    path: `/attendance?on=${lastFriday}`,
    seen: /Sanne de Wit/,
    language: 'en',
    form: 'desk',
    theme: 'light',
  },
  { name: 'today-phone', role: 'employee', path: '/today', seen: /Vandaag tot nu toe/, language: 'nl', form: 'phone', theme: 'light' },
  { name: 'sharing-phone', role: 'employee', path: '/sharing', seen: /Other ways/, language: 'en', form: 'phone', theme: 'dark' },
];

async function take(browser: Browser, { name, role, path, seen, ...look }: Picture): Promise<void> {
  const user = demo.users.find((one) => one.role === role);
  if (!user) throw new Error(`the demo has no ${role}`);
  const context = await browser.newContext({ ...browserFor(look), baseURL: demo.base_url, reducedMotion: 'reduce' });
  await context.addInitScript(() => localStorage.setItem('session', '1'));
  const signedIn = await context.request.post('/api/v1/session', { data: { sign_in: user.username, password: user.password } });
  if (!signedIn.ok()) throw new Error(`${user.username} cannot sign in: ${signedIn.status()}`);
  const page = await context.newPage();
  await page.goto(path);
  await page.getByText(seen).first().waitFor();
  await page.waitForTimeout(DRAWN_MS);
  await page.screenshot({ path: resolve(root, `docs/pictures/${name}.png`) });
  await context.close();
  console.log(`docs/pictures/${name}.png`);
}

/** The phones that may always speak say where they are: at night and on Sundays there would be nobody in the picture. */
const PLACES = [
  [52.2441, 6.1907],
  [52.2429, 6.2112],
  [52.2378, 6.2127],
] as const;

async function comeIn({ token }: Demo['devices'][number], nth: number): Promise<void> {
  const [latitude, longitude] = PLACES[nth % PLACES.length] as (typeof PLACES)[number];
  const pings = [300, 200, 100, 0].map((ago_s) => ({
    recorded_at: new Date(Date.now() - ago_s * 1000).toISOString(),
    latitude,
    longitude,
    accuracy_m: 10,
  }));
  await fetch(`${demo.base_url}/api/v1/pings`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ pings }),
  });
}

await Promise.all(demo.devices.map(comeIn));
const browser = await chromium.launch(launch);
for (const picture of PICTURES) await take(browser, picture);
await browser.close();
