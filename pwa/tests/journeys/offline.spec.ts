import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { Api } from './harness/api.ts';
import { expect, newOrganization, type Organization, type Person, reloadOffline, signedInHere, test, turnServer } from './harness/index.ts';

interface Punch {
  kind: 'in' | 'out';
  at: string;
  note: string | null;
}

/** Once the worker controls the page, everything is on the device. */
async function installed(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** Put punches into the outbox as an earlier version of the app left them, `ago_s` seconds ago by the device's clock; `offset_ms` was known. */
async function queue(
  page: Page,
  organization: Organization,
  who: Person,
  count: number,
  more: { ago_s?: number; offset_ms?: number } = {},
) {
  const owner = `${organization.id}:${who.person_id}`;
  const { ago_s = 60, offset_ms = null } = more;
  await page.evaluate(
    async ({ owner, count, ago_s, offset_ms }) => {
      const opened = indexedDB.open('muster');
      await new Promise((done) => (opened.onsuccess = done));
      const tx = opened.result.transaction('outbox', 'readwrite');
      for (let seq = 1; seq <= count; seq += 1) {
        const made = { wall_ms: Date.now() - ago_s * 1000 + seq, offset_ms, sure: false };
        tx.objectStore('outbox').add({
          ...{
            key: crypto.randomUUID(),
            owner,
            kind: 'punch',
            lane: 'punches',
            seq,
            subject: null,
            if_match: null,
            state: 'waiting',
            attempts: 0,
          },
          ...{
            uncertain: false,
            held: null,
            not_before_ms: 0,
            made,
            at_ms: null,
            doubtful: false,
            fleeting: null,
            answer: null,
            problem: null,
          },
          ...{ settled_ms: null, body: { text: JSON.stringify({ kind: seq % 2 ? 'in' : 'out', note: `number ${seq}` }) } },
        });
      }
      await new Promise((done) => (tx.oncomplete = done));
      opened.result.close();
    },
    { owner, count, ago_s, offset_ms },
  );
}

/** Pings of a phone that was never enrolled here, large ones, until nothing more can be stored; how many. */
function hoard(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const opened = indexedDB.open('muster');
    await new Promise((done) => (opened.onsuccess = done));
    const made = { wall_ms: Date.now(), offset_ms: 0, sure: true };
    for (let seq = 1000; ; seq += 1) {
      const waste = { text: JSON.stringify(Array.from(crypto.getRandomValues(new Uint32Array(5_000)))) };
      const tx = opened.result.transaction('outbox', 'readwrite');
      tx.objectStore('outbox').add({
        ...{
          key: crypto.randomUUID(),
          owner: 'device:none',
          kind: 'ping',
          lane: 'pings',
          seq,
          subject: null,
          if_match: null,
          state: 'sign_in',
        },
        ...{ attempts: 0, uncertain: false, held: null, not_before_ms: 0, made, at_ms: null, doubtful: false, answer: null, problem: null },
        ...{ settled_ms: null, body: { text: '{}' }, fleeting: waste },
      });
      const stored = await new Promise((done) => {
        tx.oncomplete = () => done(true);
        tx.onabort = () => done(false);
      });
      if (stored) continue;
      opened.result.close();
      return seq - 1000;
    }
  });
}

/** How many pings wait on the device. */
function held(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const opened = indexedDB.open('muster');
    await new Promise((done) => (opened.onsuccess = done));
    const asked = opened.result.transaction('outbox').objectStore('outbox').getAll();
    await new Promise((done) => (asked.onsuccess = done));
    opened.result.close();
    return asked.result.filter((item: { kind: string }) => item.kind === 'ping').length;
  });
}

/** What the browser promised to wake the worker for. */
async function tagsThatWait(): Promise<string[]> {
  const registration = (await navigator.serviceWorker.ready) as unknown as { sync: { getTags(): Promise<string[]> } };
  return registration.sync.getTags();
}

const wake = (page: Page) => page.evaluate(() => dispatchEvent(new Event('pageshow')));

async function punches(api: Api, who: Person): Promise<Punch[]> {
  const [since, until] = [Date.now() - 86_400_000, Date.now() + 86_400_000].map((at) => new Date(at).toISOString());
  const page = await api.get<{ items: Punch[] }>(`/punches?person_id=${who.person_id}&since=${since}&until=${until}&limit=200`);
  return page.items.reverse();
}

test(
  'with the network gone the app opens on any screen, with what was known before',
  { tag: '@offline' },
  async ({ signIn, context, organization, say }) => {
    const page = await signIn('employee', '/account');
    await expect(page.getByText(organization.people.employee.name).first()).toBeVisible();
    await installed(page);
    await context.setOffline(true);
    await reloadOffline(page, say);
    await expect(page.getByText(organization.people.employee.name).first()).toBeVisible();
    await page.goto('/somewhere/else/entirely');
    await expect(page.getByRole('navigation').first()).toBeVisible();
    await page.goto('/kiosk');
    await expect(page.locator('#kiosk')).not.toBeEmpty();
  },
);

test(
  'what was written with the network gone arrives once and in order, with two tabs open',
  { tag: '@offline' },
  async ({ signIn, context, organization, api }) => {
    const who = organization.people.employee;
    const first = await signIn('employee', '/account');
    await installed(first);
    const second = await context.newPage();
    await second.goto('/account');
    await expect(second.getByText(who.name).first()).toBeVisible();
    const sent: string[] = [];
    context.on(
      'request',
      (request) => request.method() === 'POST' && request.url().endsWith('/punches') && sent.push(request.postData() ?? ''),
    );
    await context.setOffline(true);
    await queue(first, organization, who, 12);
    await Promise.all([wake(first), wake(second)]);
    await context.setOffline(false);
    const manager = await api('manager');
    await expect(async () => expect(await punches(manager, who)).toHaveLength(12)).toPass();
    expect((await punches(manager, who)).map((punch) => punch.note)).toEqual(Array.from({ length: 12 }, (_, at) => `number ${at + 1}`));
    expect(sent).toHaveLength(12);
  },
);

test(
  'the tab may be closed: the browser sends what waits',
  { tag: '@browser' },
  async ({ signIn, context, browser, organization, api }) => {
    const who = organization.people.employee;
    const page = await signIn('employee', '/account');
    await installed(page);
    const devtools = await browser.newBrowserCDPSession();
    const { targetInfos } = await devtools.send('Target.getTargets');
    const browserContextId = targetInfos.find((target) => target.url === page.url())?.browserContextId;
    await devtools.send('Browser.setPermission', {
      permission: { name: 'background-sync' },
      setting: 'granted',
      origin: new URL(page.url()).origin,
      ...(browserContextId ? { browserContextId } : {}),
    });
    const other = await context.newPage();
    await context.setOffline(true);
    await queue(page, organization, who, 2);
    await wake(page);
    await expect.poll(() => page.evaluate(tagsThatWait)).toEqual(['muster-outbox']);
    await page.close();
    await context.setOffline(false);
    const manager = await api('manager');
    await expect(async () => expect(await punches(manager, who)).toHaveLength(2)).toPass();
    await other.close();
  },
);

test(
  'a phone whose clock is an hour behind clocks in at the right time',
  { tag: '@offline' },
  async ({ page, signIn, organization, api }) => {
    await page.addInitScript(() => {
      const now = Date.now.bind(Date);
      Date.now = () => now() - 3_600_000;
    });
    const who = organization.people.employee;
    await signIn('employee', '/account');
    await installed(page);
    await queue(page, organization, who, 1);
    await wake(page);
    const manager = await api('manager');
    await expect(async () => expect(await punches(manager, who)).toHaveLength(1)).toPass();
    const off_s = (Date.now() - 60_000 - Date.parse((await punches(manager, who))[0]!.at)) / 1000;
    expect(Math.abs(off_s)).toBeLessThan(20);
  },
);

test('the server is killed in the middle: everything arrives after it is back', { tag: '@offline' }, async ({ ownHouse, browser, as }) => {
  test.setTimeout(120_000); // servers of its own start, end and start again
  const organization = await newOrganization(ownHouse, { locale: as.language });
  const who = organization.people.employee;
  const context = await browser.newContext({ baseURL: ownHouse.url });
  const api = await new Api(context.request).signIn(who);
  const page = await context.newPage();
  await signedInHere(page);
  await page.goto('/account');
  await expect(page.getByText(who.name).first()).toBeVisible();
  await installed(page);
  await turnServer(ownHouse, false);
  await queue(page, organization, who, 3);
  await wake(page);
  await page.reload();
  await expect(page.getByText(who.name).first()).toBeVisible();
  await turnServer(ownHouse, true);
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(async () => expect(await punches(api, who)).toHaveLength(3)).toPass({ timeout: 20_000 });
  await context.close();
});

test(
  'with the storage full a clock-in still gets through: the oldest pings give way',
  { tag: '@offline' },
  async ({ page, house, signIn, context, organization, api }) => {
    const who = organization.people.employee;
    const devtools = await context.newCDPSession(page);
    await devtools.send('Storage.overrideQuotaForOrigin', { origin: house.url, quotaSize: 8_000_000 });
    await signIn('employee', '/account');
    await installed(page);
    await context.setOffline(true);
    await queue(page, organization, who, 1);
    const stored = await hoard(page);
    expect(stored).toBeGreaterThan(20);
    await context.setOffline(false);
    const manager = await api('manager');
    await expect(async () => expect(await punches(manager, who)).toHaveLength(1)).toPass();
    expect(await held(page)).toBeLessThan(stored);
  },
);

for (const address of ['/', '/kiosk']) {
  test(`${address} can be installed`, { tag: '@browser' }, async ({ house, launchOptions }) => {
    const profile = mkdtempSync(join(tmpdir(), 'muster-install-'));
    const context = await chromium.launchPersistentContext(profile, { ...launchOptions, baseURL: house.url });
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(address);
    const devtools = await context.newCDPSession(page);
    await expect.poll(async () => (await devtools.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([]);
    const manifest = await devtools.send('Page.getAppManifest');
    expect([manifest.errors, new URL(manifest.url).pathname]).toEqual([
      [],
      address === '/' ? '/manifest.webmanifest' : '/kiosk.webmanifest',
    ]);
    await context.close();
    rmSync(profile, { recursive: true });
  });
}
