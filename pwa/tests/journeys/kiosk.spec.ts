import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Api } from './harness/api.ts';
import { cameraFrom, holdBeforeCamera } from './harness/camera.ts';
import { axe, expect, fits, type Organization, type Page, test as base } from './harness/index.ts';

const KEEPER_PIN = '8642';
const PIN = '2580';
const camera = join(mkdtempSync(join(tmpdir(), 'camera-')), 'seen.y4m');
writeFileSync(camera, ''); // nothing yet

interface Punch {
  person_id: string;
  kind: 'in' | 'out';
  at: string;
  method: string;
  site_id: string;
}

const test = base.extend<{
  /** This page as a kiosk of the organization's site. */
  kiosk: Page;
  /** What the server has of kiosks and codes, the newest first. */
  punches: () => Promise<Punch[]>;
}>({
  kiosk: async ({ page, organization, api, say }, use) => {
    await enrol(page, organization, await api('manager'), say);
    await use(page);
  },
  punches: async ({ api }, use) => {
    await use(async () => {
      const day_ms = 24 * 3_600_000;
      const [since, until] = [Date.now() - day_ms, Date.now() + day_ms].map((ms) => new Date(ms).toISOString());
      return (await (await api('manager')).get<{ items: Punch[] }>(`/punches?since=${since}&until=${until}`)).items;
    });
  },
});
test.describe.configure({ timeout: 60_000 });
test.use({
  launchOptions: async ({ launchOptions }, use) => use({ ...launchOptions, args: [...(launchOptions.args ?? []), ...cameraFrom(camera)] }),
});

type Say = (dutch: string, english: string) => string;

async function enrol(page: Page, organization: Organization, manager: Api, say: Say): Promise<void> {
  const { code } = await manager.post<{ code: string }>('/enrolments', { name: 'Poort', site_id: organization.site_id });
  await page.goto(`/kiosk#${code}`);
  await expect(page.getByLabel('Code', { exact: true })).toHaveValue(code);
  expect(new URL(page.url()).hash).toBe('');
  await page.getByLabel(say('Een pincode voor deze tablet', 'A PIN for this tablet'), { exact: true }).fill(KEEPER_PIN);
  await page.getByRole('button', { name: say('Begin', 'Start'), exact: true }).click();
  await expect(page.getByRole('heading', { name: say('Klok in of uit', 'Clock in or out') })).toBeVisible();
}

async function typeName(page: Page, say: Say, name: string): Promise<void> {
  await page.getByLabel(say('Je volledige naam', 'Your full name')).fill(name);
  await page.getByRole('button', { name: say('Verder', 'Next') }).click();
}

async function typePin(page: Page, pin: string): Promise<void> {
  for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click();
}

async function keep(page: Page, say: Say): Promise<void> {
  await page.getByRole('button', { name: say('Deze tablet beheren', 'Manage this tablet') }).click();
  await expect(page.getByRole('heading', { name: say('Pincode van deze tablet', 'PIN of this tablet') })).toBeVisible();
  await typePin(page, KEEPER_PIN);
  await page.getByRole('button', { name: say('Verder', 'Go on') }).click();
}

test('a tablet becomes a kiosk by a code that a manager made on the screen', async ({ signIn, browser, house, say, as, punches }) => {
  const manager = await signIn('manager', '/kiosks');
  await manager.getByLabel(say('Naam van de tablet', 'Name of the tablet')).fill('Poort 2');
  await manager.getByRole('button', { name: say('Code maken', 'Make a code') }).click();
  const code = (await manager.locator('code.code').textContent()) ?? '';
  await axe(manager);
  await fits(manager);
  const tablet = await (
    await browser.newContext({ baseURL: house.url, locale: as.language === 'nl' ? 'nl-NL' : 'en-GB', reducedMotion: 'reduce' })
  ).newPage();
  await tablet.goto('/kiosk');
  await tablet.getByLabel('Code', { exact: true }).fill(code.toUpperCase());
  await tablet.getByLabel(say('Een pincode voor deze tablet', 'A PIN for this tablet'), { exact: true }).fill(KEEPER_PIN);
  await axe(tablet);
  await fits(tablet);
  await tablet.getByRole('button', { name: say('Begin', 'Start'), exact: true }).click();
  await typeName(tablet, say, 'Emma Jansen');
  await tablet.getByRole('button', { name: say('Klok in', 'Clock in') }).click();
  await expect(tablet.getByRole('heading', { name: say('Ingeklokt om', 'Clocked in at') })).toBeVisible();
  expect((await punches())[0]).toMatchObject({ kind: 'in', method: 'kiosk' });

  await manager.reload();
  await manager
    .getByRole('row', { name: /Poort 2/ })
    .getByRole('button', { name: say('Uit gebruik nemen', 'Take out of use') })
    .click();
  await manager
    .getByRole('dialog')
    .getByRole('button', { name: say('Uit gebruik nemen', 'Take out of use') })
    .click();
  await expect(manager.getByRole('row', { name: /Poort 2/ })).toHaveCount(0);
  await tablet.reload();
  await expect(tablet.getByRole('heading', { name: say('Dit is geen kiosk meer', 'This is no kiosk any more') })).toBeVisible();
  await tablet.context().close();
});

test('a whole name and two taps clock somebody in and out; a part of a name finds nobody', async ({
  kiosk,
  organization,
  say,
  punches,
}) => {
  await axe(kiosk);
  await fits(kiosk);
  for (const part of ['emma', 'Jansen', 'Emma J', '%']) {
    await typeName(kiosk, say, part);
    await expect(kiosk.getByRole('alert')).toContainText(say('Niemand is hier bekend', 'Nobody is known here'));
  }
  await axe(kiosk);
  await fits(kiosk);
  await typeName(kiosk, say, 'jansen EMMA');
  await expect(kiosk.getByRole('heading', { name: /Emma Jansen/ })).toBeVisible();
  await expect(kiosk.getByRole('main').getByRole('button').first()).toHaveText(say('Klok in', 'Clock in'));
  await axe(kiosk);
  await fits(kiosk);
  await kiosk.getByRole('button', { name: say('Klok in', 'Clock in') }).click();
  await expect(kiosk.getByRole('heading', { name: say('Ingeklokt om', 'Clocked in at') })).toBeVisible();
  await axe(kiosk);
  await fits(kiosk);
  await kiosk.getByRole('button', { name: say('Klaar', 'Done') }).click();
  await expect(kiosk.getByLabel(say('Je volledige naam', 'Your full name'))).toHaveValue('');
  await typeName(kiosk, say, 'Emma Jansen');
  await expect(kiosk.getByRole('main').getByRole('button').first()).toHaveText(say('Klok uit', 'Clock out'));
  await kiosk.getByRole('button', { name: say('Klok uit', 'Clock out') }).click();
  await expect(kiosk.getByRole('heading', { name: say('Uitgeklokt om', 'Clocked out at') })).toBeVisible();
  expect((await punches()).map(({ person_id, kind, method, site_id }) => [person_id, kind, method, site_id])).toEqual([
    [organization.people.employee.person_id, 'out', 'kiosk', organization.site_id],
    [organization.people.employee.person_id, 'in', 'kiosk', organization.site_id],
  ]);
});

test('whoever shows the personal code and types the PIN that is asked clocks in', async ({ kiosk, another, api, say, punches }) => {
  const phone = await another('employee', '/kiosk-pass');
  await phone.getByLabel(say('Nieuwe pincode', 'New PIN')).fill('1234');
  await phone.getByRole('button', { name: say('Pincode instellen', 'Set PIN') }).click();
  await expect(phone.getByText(say('te makkelijk te raden', 'too easy to guess'))).toBeVisible();
  await phone.getByLabel(say('Nieuwe pincode', 'New PIN')).fill(PIN);
  await phone.getByRole('button', { name: say('Pincode instellen', 'Set PIN') }).click();
  await expect(phone.getByText(say('Er is een pincode ingesteld', 'A PIN is set'))).toBeVisible();
  await axe(phone);
  await fits(phone);
  const owner = await another('owner', '/kiosks');
  await owner.getByRole('switch').check();
  await expect(owner.getByRole('switch')).toBeChecked();
  await expect.poll(async () => (await (await api('owner')).get<{ asks_pin: boolean }>('/organization/kiosk')).asks_pin).toBe(true);
  const source =
    (await phone.getByRole('img', { name: say('Persoonlijke code als QR-code', 'Personal code as a QR code') }).getAttribute('src')) ?? '';
  await holdBeforeCamera(phone, camera, decodeURIComponent(source.slice(source.indexOf(',') + 1)));

  await kiosk.reload();
  await kiosk.getByRole('button', { name: say('Scan je code', 'Scan your code') }).click();
  await expect(kiosk.getByRole('heading', { name: say('Je pincode', 'Your PIN') })).toBeVisible({ timeout: 15_000 });
  await axe(kiosk);
  await fits(kiosk);
  await typePin(kiosk, '2581');
  await kiosk.getByRole('button', { name: say('Verder', 'Go on') }).click();
  await expect(kiosk.getByRole('alert')).toContainText(say('Dit hoort niet bij elkaar', 'does not fit together'));
  await kiosk.keyboard.type(PIN);
  await kiosk.keyboard.press('Enter');
  await kiosk.getByRole('button', { name: say('Klok in', 'Clock in') }).click();
  await expect(kiosk.getByRole('heading', { name: say('Ingeklokt om', 'Clocked in at') })).toBeVisible();
  expect(await punches()).toHaveLength(1);
});

test(
  'without a network a punch is kept sealed and arrives once; what is not accepted waits for the keeper',
  { tag: '@offline' },
  async ({ kiosk, context, organization, say, punches }) => {
    await kiosk.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await kiosk.reload();
    for (const [name, kind] of [
      ['Emma Jansen', say('Klok in', 'Clock in')],
      ['Niemand Nergens', say('Klok in', 'Clock in')],
      ['Emma Jansen', say('Klok uit', 'Clock out')],
    ] as const) {
      await typeName(kiosk, say, name);
      await expect(kiosk.getByText(say('Let dus op dat je naam klopt', 'take care that your name is right'))).toBeVisible();
      await kiosk.getByRole('button', { name: kind }).click();
      await expect(kiosk.getByRole('heading', { name: say('Bewaard', 'Kept') })).toBeVisible({ timeout: 15_000 });
      await kiosk.getByRole('button', { name: say('Klaar', 'Done') }).click();
    }
    await expect(kiosk.getByText(say('3 keer invoer wacht', '3 entries wait'))).toBeVisible();
    await axe(kiosk);
    await fits(kiosk);
    expect(await onDevice(kiosk)).not.toContain('Emma');
    expect(await punches()).toEqual([]);
    await context.setOffline(false);
    await expect(kiosk.getByText(say('1 invoer is niet aangenomen', '1 entry was not accepted'))).toBeVisible({ timeout: 15_000 });
    await expect.poll(async () => (await punches()).map((punch) => punch.kind)).toEqual(['out', 'in']);
    expect((await punches()).every((punch) => punch.person_id === organization.people.employee.person_id)).toBe(true);
    await expect(kiosk.getByText('Niemand Nergens')).toHaveCount(0);

    await keep(kiosk, say);
    await expect(kiosk.getByText('Niemand Nergens')).toBeVisible();
    await axe(kiosk);
    await fits(kiosk);
    await kiosk.getByRole('button', { name: say('Van de lijst halen', 'Take off the list') }).click();
    await expect(kiosk.getByText(say('Alles is bezorgd', 'Everything was delivered'))).toBeVisible();
    await kiosk.getByRole('button', { name: say('Geen kiosk meer', 'Stop being a kiosk') }).click();
    await kiosk
      .getByRole('dialog')
      .getByRole('button', { name: say('Geen kiosk meer', 'Stop being a kiosk') })
      .click();
    await expect(kiosk.getByRole('heading', { name: say('Maak van deze tablet een kiosk', 'Make this tablet a kiosk') })).toBeVisible();
  },
);

/** Everything that the browser keeps, as far as it is text. */
function onDevice(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const opened = indexedDB.open('muster');
    await new Promise((done) => (opened.onsuccess = done));
    const db = opened.result;
    const found = await Promise.all(
      ['outbox', 'snapshots', 'meta'].map((store) => {
        const asked = db.transaction(store).objectStore(store).getAll();
        return new Promise<unknown>((done) => (asked.onsuccess = () => done(asked.result)));
      }),
    );
    db.close();
    return JSON.stringify(found) + JSON.stringify(localStorage);
  });
}

test('what somebody left on the screen is wiped after 45 seconds, with a warning before', async ({ page, organization, api, say }) => {
  await page.clock.install();
  await enrol(page, organization, await api('manager'), say);
  await page.getByLabel(say('Je volledige naam', 'Your full name')).fill('Emma Jan');
  await page.clock.runFor(30_000);
  await expect(page.getByText(say('wordt over', 'clears in'))).toBeVisible();
  await page.getByRole('heading', { name: say('Klok in of uit', 'Clock in or out') }).click();
  await expect(page.getByText(say('wordt over', 'clears in'))).toHaveCount(0);
  await page.clock.runFor(44_000);
  await expect(page.getByLabel(say('Je volledige naam', 'Your full name'))).toHaveValue('Emma Jan');
  await page.clock.runFor(2_000);
  await expect(page.getByLabel(say('Je volledige naam', 'Your full name'))).toHaveValue('');
  await typeName(page, say, 'Emma Jansen');
  await expect(page.getByRole('heading', { name: /Emma Jansen/ })).toBeVisible();
  await page.clock.runFor(46_000);
  await expect(page.getByText('Emma Jansen')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: say('Klok in of uit', 'Clock in or out') })).toBeVisible();
});

test(
  'a tablet whose clock is an hour fast shows and records the right time, also without a network',
  { tag: '@offline' },
  async ({ page, context, organization, api, say, punches }) => {
    const hour_ms = 3_600_000;
    await page.clock.install({ time: Date.now() + hour_ms });
    await enrol(page, organization, await api('manager'), say);
    const shown = () => new Intl.DateTimeFormat('nl-NL', { timeStyle: 'short', timeZone: 'Europe/Amsterdam' }).format(Date.now());
    await expect.poll(async () => (await page.locator('.clock time').textContent()) === shown()).toBe(true);
    await context.setOffline(true);
    await typeName(page, say, 'Emma Jansen');
    await page.getByRole('button', { name: say('Klok in', 'Clock in') }).click();
    await page.clock.runFor(10_000);
    await context.setOffline(false);
    await expect.poll(async () => (await punches()).length, { timeout: 20_000 }).toBe(1);
    expect(Math.abs(Date.parse((await punches())[0]?.at ?? '') - Date.now())).toBeLessThan(120_000);
    await keep(page, say);
    await expect(page.getByText(say('Wijkt 60 minuten af', '60 minutes off'))).toBeVisible();
  },
);

test('a tablet whose camera may not be used says so, and a name still does', async ({ kiosk, say }) => {
  await kiosk.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await kiosk.getByRole('button', { name: say('Scan je code', 'Scan your code') }).click();
  await expect(kiosk.getByRole('alert')).toContainText(say('De camera mag niet worden gebruikt', 'The camera may not be used'));
  await axe(kiosk);
  await fits(kiosk);
  await kiosk.getByRole('button', { name: say('Liever je naam typen', 'Type your name instead') }).click();
  await typeName(kiosk, say, 'Emma Jansen');
  await expect(kiosk.getByRole('heading', { name: /Emma Jansen/ })).toBeVisible();
});

test('a phone that scans the poster of a site clocks in there, after signing in, and once', async ({
  signIn,
  another,
  organization,
  say,
  punches,
  as,
}) => {
  const manager = await another('manager', `/sites/${organization.site_id}/poster`);
  const picture = manager.getByRole('img', { name: say('Code van de locatie als QR-code', 'Code of the site as a QR code') });
  await expect(picture).toBeVisible();
  await axe(manager);
  await fits(manager);
  const other = say('English', 'Nederlands');
  await manager.getByRole('radio', { name: other }).check();
  await expect(manager.getByRole('article')).toContainText(as.language === 'nl' ? 'Clock in or out here' : 'Klok hier in of uit');
  const { code, link } = await (await manager.context().request.get(`/api/v1/sites/${organization.site_id}/punch-code`)).json();
  expect(link).toMatch(/\/clock#muster:site:/);

  const phone = await signIn('employee', `/clock#${code}`);
  await expect(phone.getByRole('heading', { name: /Hoofdkantoor/ })).toBeVisible();
  await axe(phone);
  await fits(phone);
  await phone.getByRole('button', { name: say('Klok in', 'Clock in') }).click();
  await expect(phone.getByText(say('Ingeklokt om', 'Clocked in at'))).toBeVisible();
  expect((await punches()).map(({ kind, method, site_id }) => [kind, method, site_id])).toEqual([['in', 'qr', organization.site_id]]);
  await phone.goto('/clock#muster:site:nonsense');
  await expect(
    phone.getByRole('heading', { name: say('Er staat geen code in dit adres', 'There is no code in this address') }),
  ).toBeVisible();
  await axe(phone);
});
