import { type Locator, type Page } from '@playwright/test';
import { axe, expect, fits, inside, test } from './harness/index.ts';

interface Whole {
  id: string;
  counts: Record<string, number>;
  entries: { id: string; name: string; state: string; basis: string }[];
  marks: { entry_id: string; mark: string; said_at: string; responder: string }[];
  notes: { text: string }[];
  ended_at: string | null;
}

type Say = (dutch: string, english: string) => string;

const row = (page: Page, name: string): Locator => page.getByRole('group', { name, exact: true });
/** How somebody stands, in a word. */
const stands = (page: Page, name: string): Locator => row(page, name).locator('.status');
const mark = (page: Page, name: string, word: string): Locator => row(page, name).getByRole('button', { name: `${word}: ${name}` });

/** Everything the page needs is on the device: the worker has the app, and the list of who is on site was kept. */
async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** Looked at from its top: what a sticky bar covers while scrolled is not too small. */
async function fromTop(page: Page): Promise<void> {
  await page.evaluate(() => scrollTo(0, 0));
  await axe(page);
}

/** Begin one for the only site, from the screen. */
async function begin(page: Page, say: Say): Promise<string> {
  await page.getByRole('link', { name: say('Begin een appel', 'Begin a roll call') }).click();
  await expect(page.getByRole('checkbox', { name: 'Hoofdkantoor' })).toBeChecked();
  await page.getByRole('button', { name: say('Begin nu', 'Begin now') }).click();
  await expect(page).toHaveURL(/\/roll-call\/[0-9a-f-]{36}$/);
  return page.url().split('/').at(-1) as string;
}

async function clockIn(
  api: (who: 'employee' | 'manager') => Promise<{ post: (path: string, body?: object) => Promise<unknown> }>,
): Promise<void> {
  for (const who of ['employee', 'manager'] as const) {
    const one = await api(who);
    await one.post('/punches', { client_id: crypto.randomUUID(), kind: 'in', at: new Date().toISOString() });
  }
}

test.beforeEach(async ({ api }) => {
  await (await api('owner')).put('/organization/modules', { modules: ['attendance', 'geofence', 'visitors'] });
});

test('a responder calls the roll: everybody believed on site, marks, somebody unknown, a note, the end', async ({
  signIn,
  api,
  ping,
  organization,
  say,
}) => {
  const { colleague, employee } = organization.people;
  await ping(inside);
  await clockIn(api);
  const page = await signIn('responder', '/roll-call');
  await expect(page.getByRole('heading', { name: say('Nu binnen', 'On site now') })).toBeVisible();
  await expect(page.getByText('Hoofdkantoor').first()).toBeVisible();
  await axe(page);
  await fits(page);
  const id = await begin(page, say);
  await expect(stands(page, colleague.name)).toHaveText(say('Nog niet', 'Not yet'));
  await mark(page, colleague.name, say('Veilig', 'Safe')).click();
  await expect(stands(page, colleague.name)).toHaveText(say('Veilig', 'Safe'));
  await expect(mark(page, colleague.name, say('Veilig', 'Safe'))).toHaveAttribute('aria-pressed', 'true');
  await mark(page, employee.name, say('Vermist', 'Missing')).click();
  await page.getByRole('button', { name: say('Herstel', 'Undo') }).click();
  await expect(stands(page, employee.name)).toHaveText(say('Nog niet', 'Not yet'));
  await page.getByRole('button', { name: say('Iemand toevoegen', 'Add somebody') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(say('Naam, of wat je van die persoon weet', 'Name, or what is known of them')).fill('Monteur in blauw 👷');
  await axe(page);
  await dialog.getByRole('button', { name: say('Toevoegen', 'Add'), exact: true }).click();
  await expect(stands(page, 'Monteur in blauw 👷')).toHaveText(say('Veilig', 'Safe'));
  await page.getByLabel(say('Notitie', 'Note'), { exact: true }).fill('Trap B is vol rook');
  await page.getByRole('button', { name: say('Opschrijven', 'Write down') }).click();
  await expect(page.getByText('Trap B is vol rook')).toBeVisible();
  await fromTop(page);
  await fits(page);
  const manager = await api('manager');
  await expect(async () => {
    const found = await manager.get<Whole>(`/roll-calls/${id}`);
    const state = Object.fromEntries(found.entries.map(({ name, state }) => [name, state]));
    expect(state).toMatchObject({ [colleague.name]: 'safe', [employee.name]: 'open', 'Monteur in blauw 👷': 'safe' });
    expect(found.notes.map(({ text }) => text)).toEqual(['Trap B is vol rook']);
  }).toPass();
  await page.getByRole('button', { name: say('Beëindigen', 'End'), exact: true }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Beëindig', 'End it') })
    .click();
  await expect(page.getByText(say('Dit appel is om', 'This roll call ended at'))).toBeVisible();
  await expect.poll(async () => (await manager.get<Whole>(`/roll-calls/${id}`)).ended_at).not.toBeNull();
  const report = page.getByRole('link', { name: say('Verslag (PDF)', 'Report (PDF)') });
  const got = await page.request.get((await report.getAttribute('href')) ?? '');
  expect([got.status(), got.headers()['content-type']]).toEqual([200, 'application/pdf']);
});

test(
  'two responders without a network mark the same person and others: merged, and everything that was said is kept',
  { tag: '@offline' },
  async ({ signIn, another, context, api, ping, organization, say }) => {
    const { colleague, employee, manager } = organization.people;
    await ping(inside);
    await clockIn(api);
    const ria = await signIn('responder', '/roll-call');
    await ready(ria);
    const id = await begin(ria, say);
    await expect(row(ria, colleague.name)).toBeVisible();
    const rob = await another('reception', `/roll-call/${id}`);
    await ready(rob);
    await expect(row(rob, colleague.name)).toBeVisible();
    const offline = (is: boolean) => Promise.all([context.setOffline(is), rob.context().setOffline(is)]);
    await offline(true);
    await mark(ria, colleague.name, say('Veilig', 'Safe')).click();
    await mark(ria, employee.name, say('Niet hier', 'Not here')).click();
    await mark(rob, colleague.name, say('Vermist', 'Missing')).click();
    await mark(rob, manager.name, say('Veilig', 'Safe')).click();
    await expect(stands(rob, colleague.name)).toHaveText(say('Vermist', 'Missing'));
    await expect(ria.getByText(say('Geen netwerk: dit is de lijst', 'No network: this is the list'))).toBeVisible();
    await fromTop(ria);
    // A phone whose browser was closed meanwhile still has the list and what was marked on it.
    await ria.reload();
    await expect(stands(ria, colleague.name)).toHaveText(say('Veilig', 'Safe'));
    await offline(false);
    for (const page of [ria, rob]) {
      await expect(stands(page, colleague.name)).toHaveText(say('Veilig', 'Safe'), { timeout: 30_000 });
      await expect(stands(page, employee.name)).toHaveText(say('Niet hier', 'Not here'), { timeout: 30_000 });
      await expect(stands(page, manager.name)).toHaveText(say('Veilig', 'Safe'), { timeout: 30_000 });
    }
    const owner = await api('owner');
    await expect(async () => {
      const found = await owner.get<Whole>(`/roll-calls/${id}`);
      const entry = found.entries.find(({ name }) => name === colleague.name);
      const said = found.marks.filter(({ entry_id }) => entry_id === entry?.id);
      expect([entry?.state, said.map(({ mark: as }) => as).toSorted()]).toEqual(['safe', ['missing', 'safe']]);
    }).toPass({ timeout: 30_000 });
    await row(rob, colleague.name).getByRole('button').first().click();
    const marks = rob.getByRole('list', { name: say('Alle markeringen', 'All marks') });
    await expect(marks.getByRole('listitem')).toHaveCount(2);
    await expect(marks).toContainText(organization.people.responder.name);
    await fromTop(rob);
  },
);

test(
  'two responders begin without a network, each on their own: it becomes one roll call, and nobody is missed',
  { tag: '@offline' },
  async ({ signIn, another, context, api, ping, organization, say }) => {
    const { colleague, employee } = organization.people;
    await ping(inside);
    await clockIn(api);
    const pages = [await signIn('responder', '/roll-call'), await another('reception', '/roll-call')] as const;
    for (const page of pages) {
      await ready(page);
      await expect(page.getByText(say('3 mensen', '3 people')).first()).toBeVisible();
    }
    const offline = (is: boolean) => Promise.all([context.setOffline(is), pages[1].context().setOffline(is)]);
    await offline(true);
    const ids = [await begin(pages[0], say), await begin(pages[1], say)];
    await mark(pages[0], colleague.name, say('Veilig', 'Safe')).click();
    await mark(pages[1], colleague.name, say('Vermist', 'Missing')).click();
    await mark(pages[1], employee.name, say('Hulp nodig', 'Needs help')).click();
    await offline(false);
    const owner = await api('owner');
    await expect(async () => {
      const both = await Promise.all(ids.map((id) => owner.get<Whole>(`/roll-calls/${id}`)));
      expect(both[0]?.id).toBe(both[1]?.id);
      const state = Object.fromEntries((both[0]?.entries ?? []).map(({ name, state }) => [name, state]));
      expect(state).toMatchObject({ [colleague.name]: 'safe', [employee.name]: 'need_help' });
      expect(both[0]?.entries.filter(({ name }) => name === colleague.name)).toHaveLength(1);
    }).toPass({ timeout: 30_000 });
    for (const page of pages) {
      await expect(stands(page, colleague.name)).toHaveText(say('Veilig', 'Safe'), { timeout: 30_000 });
      await expect(stands(page, employee.name)).toHaveText(say('Hulp nodig', 'Needs help'), { timeout: 30_000 });
    }
  },
);

/** Everything that this browser keeps, as text. */
function onDevice(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const found: unknown[] = [];
    for (const { name } of await indexedDB.databases()) {
      const opened = indexedDB.open(name ?? '');
      await new Promise((done) => (opened.onsuccess = done));
      for (const store of opened.result.objectStoreNames) {
        const asked = opened.result.transaction(store).objectStore(store).getAll();
        await new Promise((done) => (asked.onsuccess = done));
        found.push(asked.result);
      }
      opened.result.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) found.push(request.url, await (await cache.match(request))?.text());
    }
    return JSON.stringify(found, (_, value: unknown) =>
      value instanceof ArrayBuffer || ArrayBuffer.isView(value)
        ? new TextDecoder().decode(value)
        : value instanceof CryptoKey
          ? { extractable: value.extractable }
          : value,
    );
  });
}

test(
  'the list on a phone is sealed while it is there, opens without a network, and is gone after signing out',
  { tag: '@offline' },
  async ({ signIn, ping, context, organization, say }) => {
    const { colleague } = organization.people;
    await ping(inside);
    const page = await signIn('responder', '/roll-call');
    await ready(page);
    await expect(page.getByText(say('1 persoon', '1 person')).first()).toBeVisible();
    await expect.poll(() => onDevice(page)).toContain('"name":"roll-call"');
    const kept = await onDevice(page);
    expect(kept).not.toContain(colleague.name);
    expect(kept).toContain('"extractable":false');
    await context.setOffline(true);
    await page.reload();
    await expect(page.getByText(say('1 persoon', '1 person')).first()).toBeVisible();
    await context.setOffline(false);
    await signOut(page, say);
    await expect(page.getByRole('heading', { name: say('Inloggen', 'Sign in') })).toBeVisible();
    const left = await onDevice(page);
    expect(left).not.toContain('"name":"roll-call"');
    expect(left).not.toContain('extractable');
  },
);

async function signOut(page: Page, say: Say): Promise<void> {
  await page.goto('/account');
  await page.getByRole('button', { name: say('Uitloggen', 'Sign out') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Uitloggen', 'Sign out') })
    .click();
}

test('the list is on paper in two taps, with whoever is on it', async ({ signIn, ping, organization, say }) => {
  await ping(inside);
  const page = await signIn('responder', '/roll-call');
  await page.evaluate(() => {
    globalThis.print = () =>
      document.documentElement.setAttribute('data-printed', document.querySelector('.roll-paper')?.textContent ?? '');
  });
  await expect(page.getByText(say('1 persoon', '1 person')).first()).toBeVisible();
  await page.getByRole('button', { name: say('Afdrukken', 'Print') }).click();
  await expect(page.locator('html')).toHaveAttribute('data-printed', new RegExp(organization.people.colleague.name));
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('heading', { name: say('Nu binnen', 'On site now') })).toBeHidden();
});

test('the poster of the assembly point is drawn for the paper, and a new code makes the old one worthless', async ({
  signIn,
  organization,
  say,
}) => {
  const page = await signIn('manager', `/sites/${organization.site_id}/assembly-point`);
  const picture = page.getByRole('img', { name: say('QR-code van de verzamelplaats', 'QR code of the assembly point') });
  await expect(picture).toBeVisible();
  await axe(page);
  await fits(page);
  const before = await picture.getAttribute('src');
  await page.getByRole('button', { name: say('Nieuwe code', 'New code') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Nieuwe code', 'New code') })
    .click();
  await expect(page.getByText(say('De oude poster werkt niet meer.', 'The old poster no longer works.'))).toBeVisible();
  expect(await picture.getAttribute('src')).not.toBe(before);
});

test('who scans the poster is safe on the list of the responder at once, without signing in', async ({
  signIn,
  browser,
  house,
  api,
  ping,
  organization,
  say,
}) => {
  const { colleague } = organization.people;
  await ping(inside);
  const page = await signIn('responder', '/roll-call');
  const id = await begin(page, say);
  await expect(stands(page, colleague.name)).toHaveText(say('Nog niet', 'Not yet'));
  await expect(async () => (await api('responder')).get(`/roll-calls/${id}`)).toPass(); // begun here first, and on the server soon
  const { link } = await (await api('manager')).get<{ link: string }>(`/sites/${organization.site_id}/assembly-code`);
  const stranger = await browser.newPage({ baseURL: house.url });
  await stranger.goto(new URL(link).pathname);
  await axe(stranger);
  await stranger.getByRole('textbox').fill(colleague.name);
  await stranger.getByRole('button').click();
  await expect(stranger.getByRole('status')).toBeVisible();
  await stranger.getByRole('textbox').fill('Monteur zonder telefoon');
  await stranger.getByRole('button').click();
  await stranger.close();
  await expect(stands(page, colleague.name)).toHaveText(say('Veilig', 'Safe'), { timeout: 20_000 });
  await expect(stands(page, 'Monteur zonder telefoon')).toHaveText(say('Veilig', 'Safe'), { timeout: 20_000 });
});
