import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Api } from './harness/api.ts';
import { cameraFrom, holdBeforeCamera } from './harness/camera.ts';
import { axe, expect, fits, type Organization, type Page, test as base, textsTo } from './harness/index.ts';

const KEEPER_PIN = '8642';
const HOST = 'Cas Collega';
const RULES = 'Draag een helm.\n\n- Blijf op de groene paden.';
const HOUR_MS = 3_600_000;
const camera = join(mkdtempSync(join(tmpdir(), 'camera-')), 'seen.y4m');
writeFileSync(camera, ''); // nothing yet

type Say = (dutch: string, english: string) => string;
interface Visit {
  id: string;
  name: string;
  state: string;
  host_name: string | null;
  type_name: string;
  arrived_at: string | null;
  left_at: string | null;
}

const test = base.extend<{
  /** The organization receives visitors; its kinds of visits by name. */
  types: Record<'guest' | 'approved', string>;
  /** This page as a kiosk that receives visitors. */
  kiosk: Page;
  /** What the reception sees of today. */
  visits: () => Promise<Visit[]>;
}>({
  types: async ({ organization, api }, use) => {
    await use(await receive(organization, await api('owner')));
  },
  kiosk: async ({ page, types: _, organization, api, say }, use) => {
    await enrol(page, organization, await api('manager'), say);
    await use(page);
  },
  visits: async ({ api, organization }, use) => {
    await use(
      async () => (await (await api('reception')).get<{ items: Visit[] }>(`/visits?site_id=${organization.site_id}&limit=100`)).items,
    );
  },
});
test.describe.configure({ timeout: 90_000 });
test.use({
  launchOptions: async ({ launchOptions }, use) => use({ ...launchOptions, args: [...(launchOptions.args ?? []), ...cameraFrom(camera)] }),
});

/** Visitors are received here: guests tell their company and agree to the rules; whoever delivers waits for approval. */
async function receive(organization: Organization, owner: Api): Promise<Record<'guest' | 'approved', string>> {
  await owner.put('/organization/modules', { modules: ['attendance', 'geofence', 'messages', 'visitors'] });
  await owner.put(`/sites/${organization.site_id}/visit-settings`, {
    chain: [],
    default_host_id: organization.people.reception.person_id,
    directions: {},
    house_rules: { nl: 'Niet rennen.', en: 'Do not run.' },
  });
  const rules = await owner.post<{ id: string }>('/agreements', {
    name: 'Huisregels',
    keep_days: 365,
    texts: { nl: RULES, en: 'Wear a helmet.' },
  });
  const company = { purpose: { nl: 'Voor wie je verwacht.', en: 'For your host.' }, days: 7, required: false };
  const guest = await owner.post<{ id: string }>('/visit-types', {
    name: 'Gast',
    fields: { company },
    agreement_ids: [rules.id],
    keep_days: 30,
  });
  const approved = await owner.post<{ id: string }>('/visit-types', { name: 'Levering', kind: 'delivery', approval: true });
  return { guest: guest.id, approved: approved.id };
}

async function enrol(page: Page, organization: Organization, manager: Api, say: Say): Promise<void> {
  const { code } = await manager.post<{ code: string }>('/enrolments', { name: 'Balie', site_id: organization.site_id });
  await page.goto(`/kiosk#${code}`);
  await page.getByLabel(say('Een pincode voor deze tablet', 'A PIN for this tablet'), { exact: true }).fill(KEEPER_PIN);
  await page.getByRole('button', { name: say('Begin', 'Start'), exact: true }).click();
  await expect(arriving(page, say)).toBeVisible();
}

const button = (page: Page, name: string) => page.getByRole('button', { name });
const arriving = (page: Page, say: Say) => button(page, say('Ik kom aan', 'I am arriving'));
const leaving = (page: Page, say: Say) => button(page, say('Ik ga weg', 'I am leaving'));
const next = (page: Page, say: Say) => button(page, say('Verder', 'Next')).click();
const done = (page: Page, say: Say) => button(page, say('Klaar', 'Done')).click();
const agree = (page: Page, say: Say) => button(page, say('Ik heb dit gelezen en ga akkoord', 'I have read this and agree')).click();
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name });

/** From the first screen to the name. */
async function walkIn(page: Page, say: Say, name: string, { type = 'Gast', host = '' } = {}): Promise<void> {
  await arriving(page, say).click();
  await button(page, say('Ik heb geen uitnodiging', 'I have no invitation')).click();
  await page.getByLabel(say('Je naam', 'Your name')).fill(name);
  await page.getByRole('radio', { name: type }).check();
  await page.getByLabel(say('Voor wie kom je?', 'Who do you come for?')).fill(host);
}

async function typeCode(page: Page, say: Say, code: string): Promise<void> {
  await arriving(page, say).click();
  await page.getByLabel(say('Of typ de zes cijfers', 'Or type the six digits')).fill(code);
  await next(page, say);
}

/** No paper comes out here. */
const withPrinter = (page: Page) =>
  page.evaluate(() => {
    window.print = () => void (document.title = 'printed');
  });

test('somebody without an invitation is told what is asked and why, agrees, comes in, gets a badge and leaves', async ({
  kiosk,
  say,
  visits,
}) => {
  await axe(kiosk);
  await fits(kiosk);
  await arriving(kiosk, say).click();
  await axe(kiosk);
  await fits(kiosk);
  await button(kiosk, say('Opnieuw beginnen', 'Start again')).click();
  await walkIn(kiosk, say, '  Zoë 王小明 د. Ünal 👩‍🚀', { host: 'Cas' });
  await next(kiosk, say);
  await expect(kiosk.getByRole('alert')).toContainText(say('Niemand heet hier precies zo', 'Nobody here has exactly this name'));
  await axe(kiosk);
  await fits(kiosk);
  await kiosk.getByLabel(say('Voor wie kom je?', 'Who do you come for?')).fill('collega CAS');
  await next(kiosk, say);

  await expect(heading(kiosk, /Zoë 王小明/)).toBeVisible();
  await expect(kiosk.getByText(say('Voor wie je verwacht. Wordt 7 dagen', 'For your host. Deleted 7 days'))).toBeVisible();
  await kiosk.getByLabel(say('Bedrijf', 'Company')).fill('Ünal & Zn.');
  await axe(kiosk);
  await fits(kiosk);
  await next(kiosk, say);
  await expect(kiosk.getByText(say('Draag een helm', 'Wear a helmet'))).toBeVisible();
  await axe(kiosk);
  await fits(kiosk);
  await button(kiosk, say('Ik ga niet akkoord', 'I do not agree')).click();
  await expect(kiosk.getByText(say('Zonder akkoord', 'You cannot sign in here without it'))).toBeVisible();
  await axe(kiosk);
  await button(kiosk, say('Terug naar de tekst', 'Back to the text')).click();
  await agree(kiosk, say);

  await expect(heading(kiosk, /Zoë 王小明/)).toBeVisible();
  await expect(kiosk.getByText(say(`${HOST} krijgt bericht`, `${HOST} hears`))).toBeVisible();
  await expect(kiosk.getByText(say('wordt gewist op', 'is deleted on'))).toBeVisible();
  await axe(kiosk);
  await fits(kiosk);
  await withPrinter(kiosk);
  await button(kiosk, say('Print een badge', 'Print a badge')).click();
  await button(kiosk, say('Nee', 'No')).click();
  await expect(kiosk.getByRole('alert')).toContainText(say('De printer print niet', 'The printer does not print'));
  await axe(kiosk);
  await fits(kiosk);
  await done(kiosk, say);
  expect(await visits()).toMatchObject([{ name: 'Zoë 王小明 د. Ünal 👩‍🚀', state: 'on_site', host_name: HOST, type_name: 'Gast' }]);

  await leaving(kiosk, say).click();
  await axe(kiosk);
  await fits(kiosk);
  for (const part of ['Zoë', '123456']) {
    await kiosk.getByLabel(say('Je volledige naam of', 'Your full name or')).fill(part);
    await button(kiosk, say('Meld me af', 'Sign out')).click();
    await expect(kiosk.getByRole('alert')).toContainText(say('Zo is hier niemand aangemeld', 'Nobody is signed in here like that'));
  }
  await kiosk.getByLabel(say('Je volledige naam of', 'Your full name or')).fill('zoe ünal د 王小明');
  await button(kiosk, say('Meld me af', 'Sign out')).click();
  await expect(heading(kiosk, say('Afgemeld om', 'Signed out at'))).toBeVisible();
  await axe(kiosk);
  await fits(kiosk);
  expect((await visits())[0]).toMatchObject({ state: 'left_confirmed' });
});

test('somebody with an invitation types six digits, and leaves by the code on the badge', async ({
  kiosk,
  types,
  organization,
  house,
  api,
  say,
  visits,
}) => {
  const telephone = `+3163${String(organization.id).padStart(7, '0')}`;
  const now_ms = Date.now();
  await (
    await api('colleague')
  ).post('/invitations', {
    site_id: organization.site_id,
    visit_type_id: types.guest,
    starts_at: new Date(now_ms + 600_000).toISOString(),
    ends_at: new Date(now_ms + HOUR_MS).toISOString(),
    visitors: [{ name: 'Ann Gast', telephone }],
    tell: true,
  });
  await expect.poll(() => textsTo(house, telephone), { timeout: 30_000 }).toHaveLength(1);
  const code = /\b\d{6}\b/.exec((await textsTo(house, telephone))[0] ?? '')?.[0] ?? '';

  await typeCode(kiosk, say, code === '111222' ? '222111' : '111222');
  await expect(kiosk.getByRole('alert')).toContainText(say('Deze code werkt niet', 'This code does not work'));
  await axe(kiosk);
  await button(kiosk, say('Opnieuw beginnen', 'Start again')).click();
  await typeCode(kiosk, say, `${code.slice(0, 3)} ${code.slice(3)}`);
  await expect(heading(kiosk, /Ann Gast/)).toBeVisible();
  await expect(kiosk.getByText(say(`Je komt voor ${HOST}`, `You come for ${HOST}`))).toBeVisible();
  await next(kiosk, say);
  await agree(kiosk, say);
  await expect(heading(kiosk, say('Welkom Ann Gast', 'Welcome, Ann Gast'))).toBeVisible();
  await withPrinter(kiosk);
  await button(kiosk, say('Print een badge', 'Print a badge')).click();
  await button(kiosk, say('Ja', 'Yes')).click();
  const picture = kiosk.locator('.badge img');
  const source = (await picture.getAttribute('src')) ?? '';
  await done(kiosk, say);
  expect(await visits()).toMatchObject([{ name: 'Ann Gast', state: 'on_site', host_name: HOST }]);

  await holdBeforeCamera(kiosk, camera, decodeURIComponent(source.slice(source.indexOf(',') + 1)));
  await kiosk.reload();
  await arriving(kiosk, say).click();
  await button(kiosk, say('Scan de QR-code', 'Scan the QR code')).click();
  await expect(heading(kiosk, say('Ga je weg, Ann Gast?', 'Are you leaving, Ann Gast?'))).toBeVisible({ timeout: 15_000 });
  await axe(kiosk);
  await fits(kiosk);
  await button(kiosk, say('Ja, meld me af', 'Yes, sign me out')).click();
  await expect(heading(kiosk, say('Afgemeld om', 'Signed out at'))).toBeVisible();
  expect((await visits())[0]).toMatchObject({ state: 'left_confirmed' });

  await done(kiosk, say);
  await typeCode(kiosk, say, code);
  await expect(kiosk.getByRole('alert')).toContainText(say('Deze code', 'This code'));
});

test('whoever may not come in sees exactly what those see who wait for approval', async ({ kiosk, api, say, visits }) => {
  const entry = await (
    await api('manager')
  ).post<{ id: string }>('/deny-list', {
    name: 'Dirk Dreiging',
    reason: 'threat',
    expires_on: new Date(Date.now() + 30 * 24 * HOUR_MS).toISOString().slice(0, 10),
  });
  await (await api('owner')).post(`/deny-list/${entry.id}/approval`, { name: 'Dirk Dreiging' });

  await walkIn(kiosk, say, 'dreiging DIRK');
  await next(kiosk, say);
  await next(kiosk, say);
  await agree(kiosk, say);
  await expect(heading(kiosk, say('Neem even plaats', 'Please take a seat'))).toBeVisible();
  await axe(kiosk);
  await fits(kiosk);
  const denied = await kiosk.locator('.kiosk').innerHTML();
  await done(kiosk, say);

  await walkIn(kiosk, say, 'Bea Bezorger', { type: 'Levering' });
  await next(kiosk, say);
  await expect(heading(kiosk, say('Neem even plaats', 'Please take a seat'))).toBeVisible();
  expect(await kiosk.locator('.kiosk').innerHTML()).toBe(denied);

  const waiting = (await visits()).find((visit) => visit.name === 'Bea Bezorger');
  expect(waiting?.state).toBe('waiting');
  await (await api('reception')).post(`/visits/${waiting?.id}/approval`);
  await expect(heading(kiosk, say('Welkom Bea Bezorger', 'Welcome, Bea Bezorger'))).toBeVisible({ timeout: 15_000 });
  expect((await visits()).find((visit) => visit.name === 'dreiging DIRK')?.state).toBe('waiting');
});

test(
  'an hour without a network: twenty people come in, some leave, nothing of them can be read on the tablet, and all of it arrives',
  { tag: '@offline' },
  async ({ page, context, types: _, organization, api, say, visits }) => {
    test.slow();
    const began_ms = Date.now() - HOUR_MS;
    await page.clock.install({ time: began_ms });
    // Until the network goes, the server's clock stands an hour back as well: so the hour may pass here in a minute.
    await page.route('**/api/**', async (route) => {
      const answer = await route.fetch().catch(() => null);
      if (!answer) return route.abort();
      await route.fulfill({ response: answer, headers: { ...answer.headers(), date: new Date(began_ms).toUTCString() } });
    });
    await enrol(page, organization, await api('manager'), say);
    await context.setOffline(true);
    await page.unrouteAll({ behavior: 'wait' });
    await arriving(page, say).click();
    await expect(page.getByText(say('hoort het pas later', 'hears it later'))).toBeVisible();
    await axe(page);
    await fits(page);
    await button(page, say('Opnieuw beginnen', 'Start again')).click();

    const names = Array.from({ length: 20 }, (_each, nth) => `Bezoeker ${'ABCDEFGHIJKLMNOPQRST'[nth]} van Verweg`);
    for (const name of names) {
      await walkIn(page, say, name, { host: HOST });
      await next(page, say);
      await next(page, say);
      await agree(page, say);
      await expect(heading(page, say(`Dank je, ${name}`, `Thank you, ${name}`))).toBeVisible();
      if (name === names[0]) {
        await axe(page);
        await fits(page);
      }
      await done(page, say);
      await page.clock.fastForward(140_000);
    }
    await leaving(page, say).click();
    await page.getByLabel(say('Je volledige naam of', 'Your full name or')).fill(names[0] ?? '');
    await button(page, say('Meld me af', 'Sign out')).click();
    await expect(heading(page, say('Bewaard: weg om', 'Kept: out at'))).toBeVisible();
    await done(page, say);
    await expect(page.getByText(say('21 keer invoer wacht', '21 entries wait'))).toBeVisible();
    expect(await onDevice(page)).not.toContain('Verweg');
    expect(await visits()).toEqual([]);

    await context.setOffline(false);
    await expect.poll(async () => (await visits()).length, { timeout: 60_000 }).toBe(20);
    await expect.poll(async () => (await visits()).filter(({ state }) => state === 'left_confirmed').length, { timeout: 30_000 }).toBe(1);
    const found = (await visits()).toSorted((one, other) => one.name.localeCompare(other.name));
    expect(found.map(({ name }) => name)).toEqual(names);
    const arrived = found.map(({ arrived_at }) => Date.parse(arrived_at ?? '') - began_ms);
    expect(arrived).toEqual(arrived.toSorted((one, other) => one - other));
    expect((arrived.at(-1) ?? 0) - (arrived[0] ?? 0)).toBeGreaterThan(19 * 140_000 - 1_000);
    expect(Math.max(...arrived)).toBeLessThan(HOUR_MS + 60_000);
    await expect(page.getByText(say('wacht op netwerk', 'wait for the network'))).toHaveCount(0);
    await expect.poll(() => waitingOnDevice(page)).toBe(0);
  },
);

/** Everything that the browser keeps, as far as it is text. */
function onDevice(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const opened = indexedDB.open('muster');
    await new Promise((ready) => (opened.onsuccess = ready));
    const db = opened.result;
    const found = await Promise.all(
      ['outbox', 'snapshots', 'meta'].map((store) => {
        const asked = db.transaction(store).objectStore(store).getAll();
        return new Promise<unknown>((ready) => (asked.onsuccess = () => ready(asked.result)));
      }),
    );
    db.close();
    return JSON.stringify(found) + JSON.stringify(localStorage);
  });
}

/** How many writes are kept here, sealed or not, sent or not. */
async function waitingOnDevice(page: Page): Promise<number> {
  return (JSON.parse((await onDevice(page)).replace(/\{[^[\]]*\}$/, '')) as unknown[][])[0]?.length ?? -1;
}

test('what a visitor left on the screen is wiped after 45 seconds', async ({ page, types: _, organization, api, say }) => {
  await page.clock.install();
  await enrol(page, organization, await api('manager'), say);
  await walkIn(page, say, 'Ann Gast', { host: HOST });
  await page.clock.runFor(30_000);
  await expect(page.getByText(say('wordt over', 'clears in'))).toBeVisible();
  await page.clock.runFor(17_000);
  await expect(arriving(page, say)).toBeVisible();
  await arriving(page, say).click();
  await button(page, say('Ik heb geen uitnodiging', 'I have no invitation')).click();
  await expect(page.getByLabel(say('Je naam', 'Your name'))).toHaveValue('');
});
