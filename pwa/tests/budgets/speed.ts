/**
 * How fast the web app is, on the real server with Debian's Chromium: `make bench` runs it and writes bench/web.md.
 *
 * 1. Lighthouse (mobile: a slow phone, a slow network, 4 times slower processor) looks at the screens that must be good at it: the middle of three.
 * 2. A second start, from the service worker, and the map, with the processor 4 times slower: the middle of five.
 * 3. A map of an organization of 10,000 people on site is dragged about, 4 times slower too: how long frames take, at the 95th percentile, and
 *    how much of a frame is script. Without a graphics processor Chromium draws in software, which is most of a frame here and little of one on a phone.
 * 4. A roll call of 5,000 people is opened, 4 times slower: until names stand on the screen, from a tap on it and from its bare address; and one of
 *    them is marked.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import lighthouse, { type Result } from 'lighthouse';
import { Api } from '../journeys/harness/api.ts';
import { newOrganization, newTown, openHouse, type Address, type Person } from '../journeys/harness/house.ts';
import { launch } from '../journeys/harness/launch.ts';
import { sizes } from './sizes.ts';

interface Row {
  what: string;
  figure: number;
  unit: string;
  target: number;
  atLeast?: boolean;
}

const root = resolve(import.meta.dirname, '../../..');
const TIMES = 5;
const LOOKS = 3;
const SLOWER = 4;
const DRAGGED_MS = 4_000;
const PEOPLE = 10_000;
const ON_SITE = 5_000;
const MAP = 'canvas.maplibregl-canvas';

/** A browser of one's own, as somebody; Lighthouse looks on through `port`. */
async function browserOf(house: Address, person: Person | null, port: number): Promise<BrowserContext> {
  const directory = mkdtempSync(join(root, 'var/chromium-'));
  const context = await chromium.launchPersistentContext(directory, {
    executablePath: launch.executablePath,
    args: [`--remote-debugging-port=${port}`, ...launch.args],
    baseURL: house.url,
    viewport: { width: 360, height: 740 },
  });
  context.on('close', () => rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
  if (person) {
    const page = context.pages()[0] ?? (await context.newPage());
    await new Api(context.request).signIn(person);
    await page.goto('/icon.svg');
    await page.evaluate(() => localStorage.setItem('session', '1'));
  }
  return context;
}

async function lookedOnce(house: Address, path: string, person: Person | null, port: number): Promise<Result['lhr']> {
  const context = await browserOf(house, person, port);
  const flags = { port, output: 'json', logLevel: 'silent', disableStorageReset: true } as const;
  const result = await lighthouse(house.url + path, { ...flags, onlyCategories: ['performance', 'accessibility', 'best-practices'] });
  await context.close();
  if (!result) throw new Error(`Lighthouse has nothing to say of ${path}`);
  return result.lhr;
}

/** The middle of several looks, each with a browser that has nothing of us yet. */
async function looked(what: string, house: Address, path: string, person: Person | null, port: number): Promise<Row[]> {
  const looks: Result['lhr'][] = [];
  for (let time = 0; time < LOOKS; time += 1) looks.push(await lookedOnce(house, path, person, port));
  const score = (name: string) => middle(looks.map(({ categories }) => Math.round((categories[name]?.score ?? 0) * 100)));
  const ms = (name: string) => middle(looks.map(({ audits }) => Math.round(audits[name]?.numericValue ?? Infinity)));
  return [
    { what: `${what}: performance`, figure: score('performance'), unit: '', target: 95, atLeast: true },
    { what: `${what}: accessibility`, figure: score('accessibility'), unit: '', target: 100, atLeast: true },
    { what: `${what}: best practices`, figure: score('best-practices'), unit: '', target: 100, atLeast: true },
    { what: `${what}: largest content (LCP)`, figure: ms('largest-contentful-paint'), unit: 'ms', target: 1500 },
    { what: `${what}: blocking time (TBT)`, figure: ms('total-blocking-time'), unit: 'ms', target: 150 },
  ];
}

async function slowed(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
}

async function started(house: Address, person: Person): Promise<Row[]> {
  const context = await browserOf(house, person, 0);
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto('/');
  await page.evaluate(async () => navigator.serviceWorker.ready);
  await slowed(page);
  const painted: number[] = [];
  const drawn: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    await page.goto('/');
    painted.push(await page.evaluate(firstPaint));
    await page.goto('/presence');
    await page.locator(MAP).waitFor();
    drawn.push(await page.evaluate(() => performance.now()));
  }
  await context.close();
  return [
    { what: 'second start: first content', figure: middle(painted), unit: 'ms', target: 500 },
    { what: 'second start: the map is there', figure: middle(drawn), unit: 'ms', target: 3000 },
  ];
}

/** A roll call of so many people, begun by somebody else: from the tap on its name until people can be marked, and from there to a mark that shows. */
async function called(house: Address, person: Person): Promise<Row[]> {
  const context = await browserOf(house, person, 0);
  const api = await new Api(context.request).signIn(person);
  await api.put('/organization/modules', { modules: ['attendance', 'geofence', 'visitors'] });
  const site = await api.post<{ id: string }>('/sites', { name: 'Utrecht' });
  const id = crypto.randomUUID();
  await api.post('/roll-calls', { id, site_ids: [site.id], exercise: 'exercise' });
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto('/roll-call');
  await page.evaluate(async () => navigator.serviceWorker.ready);
  await slowed(page);
  const opened: number[] = [];
  const marked: number[] = [];
  const begun: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    await page.goto('/roll-call');
    await page.locator(`a[href="/roll-call/${id}"]`).waitFor();
    opened.push(await page.evaluate(pressUntil, [`a[href="/roll-call/${id}"]`, '.roll-mark']));
    const free = `.long-list > li:nth-child(${time + 1}) .roll-mark.safe`;
    marked.push(await page.evaluate(pressUntil, [free, `${free}[aria-pressed=true]`]));
    await page.goto(`/roll-call/${id}`);
    begun.push(await page.evaluate(shownAt, '.roll-mark'));
  }
  await context.close();
  const what = `roll call of ${ON_SITE.toLocaleString('en')}`;
  return [
    { what: `${what}: opened`, figure: middle(opened), unit: 'ms', target: 2000 },
    { what: `${what}: opened by its address, the app's start included`, figure: middle(begun), unit: 'ms', target: 2000 },
    { what: `${what}: a mark shows`, figure: middle(marked), unit: 'ms', target: 200 },
  ];
}

/** Press the first; how many ms until the second is on the screen. */
const pressUntil = async ([press, shown]: string[]) => {
  const began = performance.now();
  document.querySelector<HTMLElement>(press ?? '')?.click();
  while (!document.querySelector(shown ?? '')) {
    if (performance.now() - began > 60_000) throw new Error(`${shown} does not come`);
    await new Promise((next) => requestAnimationFrame(next));
  }
  return Math.round(performance.now() - began);
};

/** When it is on the screen, in ms since the navigation. */
const shownAt = async (shown: string) => {
  while (!document.querySelector(shown)) {
    if (performance.now() > 60_000) throw new Error(`${shown} does not come`);
    await new Promise((next) => requestAnimationFrame(next));
  }
  return Math.round(performance.now());
};

/** When the first content was painted, in ms since the navigation. */
const firstPaint = () =>
  new Promise<number>((tell) => {
    const watch = new PerformanceObserver((list) => {
      for (const { name, startTime } of list.getEntries()) if (name === 'first-contentful-paint') tell(startTime);
    });
    watch.observe({ type: 'paint', buffered: true });
  });

async function dragged(house: Address, person: Person): Promise<Row[]> {
  const context = await browserOf(house, person, 0);
  const page = context.pages()[0] ?? (await context.newPage());
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto('/presence');
  const map = page.locator(MAP);
  await map.waitFor();
  await page.waitForTimeout(3_000);
  await slowed(page);
  const box = await map.boundingBox();
  if (!box) throw new Error('the map cannot be seen');
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const scripted = async () =>
    (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? NaN;
  const before = await scripted();
  const frames = page.evaluate(framesFor, DRAGGED_MS);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  for (const end = Date.now() + DRAGGED_MS; Date.now() < end;) {
    const turn = (Date.now() / 600) * Math.PI;
    await page.mouse.move(box.x + box.width / 2 + Math.cos(turn) * 80, box.y + box.height / 2 + Math.sin(turn) * 80);
  }
  await page.mouse.up();
  const times = (await frames).sort((one, other) => one - other);
  const script_ms = ((await scripted()) - before) * 1000;
  await context.close();
  return [
    {
      what: `${PEOPLE.toLocaleString('en')} people, map dragged: a frame, p95`,
      figure: Math.round(times[Math.floor(times.length * 0.95)] ?? Infinity),
      unit: 'ms',
      target: 50,
    },
    { what: 'of it our script and the map library, on average', figure: Math.round(script_ms / times.length), unit: 'ms', target: 50 },
  ];
}

/** How long each frame took, for so many ms. */
const framesFor = (forMs: number) =>
  new Promise<number[]>((tell) => {
    const times: number[] = [];
    const began = performance.now();
    let before = began;
    const frame = (now: number) => {
      times.push(now - before);
      before = now;
      if (now - began < forMs) requestAnimationFrame(frame);
      else tell(times.slice(1));
    };
    requestAnimationFrame(frame);
  });

const middle = (figures: number[]): number =>
  Math.round([...figures].sort((one, other) => one - other)[Math.floor(figures.length / 2)] ?? Infinity);

function weighed(): Row[] {
  return sizes(join(root, 'pwa/dist')).map(({ what, bytes, limit }) => ({ what, figure: bytes / 1000, unit: 'kB', target: limit / 1000 }));
}

const met = ({ figure, target, atLeast }: Row) => (atLeast ? figure >= target : figure <= target);

function page(rows: Row[]): string {
  const line = (row: Row) =>
    `| ${row.what} | ${Number.isInteger(row.figure) ? row.figure : row.figure.toFixed(1)} ${row.unit} | ${row.atLeast ? 'at least ' : ''}${row.target} ${row.unit} | ${met(row) ? '' : '**not reached**'} |`;
  return `# The web app's sizes and speed

\`make bench\` writes this page: gzip, Lighthouse for a slow phone, and Chromium with the processor ${SLOWER} times slower, on ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}).

| what | measured | target | |
|---|---|---|---|
${rows.map(line).join('\n')}
`;
}

const house = await openHouse();
try {
  const { people } = await newOrganization(house.address, { locale: 'en' });
  const town = await newTown(house.address, PEOPLE);
  const parts: [string, () => Promise<Row[]> | Row[]][] = [
    ['sizes', weighed],
    ['sign-in', () => looked('sign-in', house.address, '/', null, 9331)],
    ['today', () => looked('today', house.address, '/', people.employee, 9332)],
    ['kiosk', () => looked('kiosk', house.address, '/kiosk', null, 9333)],
    ['second start', () => started(house.address, people.manager)],
    ['roll call', async () => called(house.address, (await newTown(house.address, ON_SITE)).people.owner)],
    ['large map', () => dragged(house.address, town.people.owner)],
  ];
  const wanted = process.argv.slice(2);
  const rows: Row[] = [];
  for (const [name, measure] of parts.filter(([each]) => !wanted.length || wanted.includes(each))) {
    console.log(`muster: measuring ${name} ...`);
    const found = await measure();
    for (const row of found) console.log(`  ${met(row) ? '  ' : '! '}${row.what}: ${row.figure} ${row.unit} (${row.target})`);
    rows.push(...found);
  }
  if (!wanted.length) writeFileSync(join(root, 'bench/web.md'), page(rows));
} finally {
  await house.close();
}
