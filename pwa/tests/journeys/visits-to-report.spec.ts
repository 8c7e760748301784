import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { axe, expect, fits, inside, test, textsTo } from './harness/index.ts';

const row = (page: Page, name: string): Locator => page.getByRole('row', { name: new RegExp(name) });
const stands = (page: Page, name: string): Locator => page.getByRole('group', { name, exact: true }).locator('.status');

test('from the invitation of a group to badges, a roll call with an alert that fills it, and its report', async ({
  signIn,
  another,
  api,
  house,
  organization,
  ping,
  say,
}) => {
  test.setTimeout(180_000);
  const { colleague, reception } = organization.people;
  const telephone = `+3164${String(organization.id).padStart(7, '0')}`;
  const owner = await api('owner');
  await owner.put('/organization/modules', { modules: ['attendance', 'geofence', 'messages', 'alerts', 'visitors'] });
  await owner.put('/messaging-settings', { ...(await owner.get<Record<string, unknown>>('/messaging-settings')), countdown_s: 0 });
  await owner.post('/visit-types', { name: 'Onderhoud', kind: 'contractor', fields: {} });
  await owner.put(`/sites/${organization.site_id}/visit-settings`, {
    chain: [],
    default_host_id: reception.person_id,
    directions: { nl: 'Door de poort.', en: 'Through the gate.' },
    house_rules: { nl: 'Niet rennen.', en: 'Do not run.' },
  });
  await ping(inside);

  const desk = await signIn('reception', '/visits');
  await desk.getByRole('link', { name: say('Uitnodigen', 'Invite'), exact: true }).click();
  await desk.getByLabel(say('Bezoekers', 'Visitors')).fill(`Ann Gast; ${telephone}\nBen Monteur 🔧`);
  await desk.getByLabel(say('Van', 'From'), { exact: true }).fill('00:00');
  await desk.getByLabel(say('Tot', 'Until'), { exact: true }).fill('23:59');
  await desk.getByRole('button', { name: say('Uitnodigen', 'Invite') }).click();
  await expect(row(desk, 'Ann Gast')).toContainText(say('Verwacht', 'Expected'));

  // Her own page, from the text message: the way, the rules, the code to scan, and until when she is known here.
  await expect.poll(() => textsTo(house, telephone), { timeout: 30_000 }).toHaveLength(1);
  const invitation = (await textsTo(house, telephone))[0] ?? '';
  const ann = await another('employee', '/account');
  await ann.goto(/\/v\/\S+/.exec(invitation)?.[0] ?? '');
  for (const words of [/Door de poort\.|Through the gate\./, /Niet rennen\.|Do not run\./, /Wij wissen je gegevens|We delete your data/]) {
    await expect(ann.getByText(words).first()).toBeVisible();
  }
  await expect(ann.getByRole('img', { name: /QR/ })).toBeVisible();
  await axe(ann);
  await fits(ann);

  for (const name of ['Ann Gast', 'Ben Monteur']) {
    await row(desk, name)
      .getByRole('button', { name: say('Aangekomen', 'Arrived') })
      .click();
    await expect(row(desk, name)).toContainText(say('Binnen', 'On site'));
  }
  await desk.getByRole('link', { name: 'Ann Gast' }).click();
  for (const badge of ['Badge', 'Label']) {
    const link = desk.getByRole('link', { name: new RegExp(badge) });
    const got = await desk.request.get((await link.getAttribute('href')) ?? '');
    expect([got.status(), got.headers()['content-type']]).toEqual([200, 'application/pdf']);
  }

  const alert = await (
    await api('responder')
  ).post<{ id: string }>('/alerts', {
    texts: { nl: { subject: 'Brand', body: 'Ga naar buiten.' }, en: { subject: 'Fire', body: 'Go outside.' } },
    target: { on_site: true },
    channels: ['sms'],
  });
  await expect.poll(async () => (await owner.get<{ stage: string }>(`/alerts/${alert.id}`)).stage, { timeout: 30_000 }).toBe('active');
  const page = await another('responder', '/roll-call');
  await page.getByRole('link', { name: say('Begin een appel', 'Begin a roll call') }).click();
  await page.getByLabel(say('Met een alarm?', 'With an alert?')).selectOption(alert.id);
  await axe(page);
  await page.getByRole('button', { name: say('Begin nu', 'Begin now') }).click();
  await expect(stands(page, 'Ann Gast')).toHaveText(say('Nog niet', 'Not yet'));
  await expect(stands(page, 'Ben Monteur 🔧')).toHaveText(say('Nog niet', 'Not yet'));

  // A visitor answers by the link of the alert, an employee in the app: both are safe on the list, as said by themselves.
  await expect.poll(() => textsTo(house, telephone), { timeout: 30_000 }).toHaveLength(2);
  await ann.goto(/\/r\/\S+/.exec((await textsTo(house, telephone))[1] ?? '')?.[0] ?? '');
  await ann.getByRole('button', { name: /Ik ben veilig|I am safe/ }).click();
  await (await api('colleague')).post(`/me/alerts/${alert.id}/reply`, { reply: 'safe' });
  await expect(stands(page, 'Ann Gast')).toHaveText(say('Veilig', 'Safe'), { timeout: 20_000 });
  await expect(stands(page, colleague.name)).toHaveText(say('Veilig', 'Safe'), { timeout: 20_000 });
  await page
    .getByRole('group', { name: 'Ben Monteur 🔧', exact: true })
    .getByRole('button', { name: `${say('Vermist', 'Missing')}: Ben Monteur 🔧` })
    .click();

  await page.getByRole('button', { name: say('Beëindigen', 'End'), exact: true }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Beëindig', 'End it') })
    .click();
  await expect(page.getByText(say('Dit appel is om', 'This roll call ended at'))).toBeVisible();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: say('Verslag (CSV)', 'Report (CSV)') }).click(),
  ]);
  const lines = (await readFile(await file.path(), 'utf8')).split('\n');
  const lineOf = (name: string) => lines.find((line) => line.startsWith(`"${name}"`)) ?? '';
  expect(lineOf('Ann Gast')).toMatch(/"visit","visit","Hoofdkantoor","safe"/);
  expect(lineOf('Ben Monteur 🔧')).toMatch(/"visit","visit","Hoofdkantoor","missing"/);
  expect(lineOf(colleague.name)).toContain('"safe"');
});
