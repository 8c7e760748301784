import type { Locator, Page } from '@playwright/test';
import { axe, expect, fits, test } from './harness/index.ts';

interface Made {
  id: string;
}

const row = (page: Page, name: string): Locator => page.getByRole('row', { name: new RegExp(name) });
const TYPE = {
  name: 'Bezoeker',
  fields: { company: { purpose: { nl: 'Voor de badge', en: 'For the badge' }, days: 2, required: false } },
};

test.beforeEach(async ({ api }) => {
  await (await api('owner')).put('/organization/modules', { modules: ['attendance', 'geofence', 'visitors'] });
});

test('an owner makes the first kind of visit, and says how a site receives', async ({ signIn, api, say, organization }) => {
  const page = await signIn('owner', '/visit-setup');
  await expect(page.getByRole('heading', { name: say('Nog geen soorten bezoek', 'No kinds of visits yet') })).toBeVisible();
  await axe(page);
  await page.getByRole('link', { name: say('Soort toevoegen', 'Add a kind') }).click();
  await page.getByRole('textbox', { name: say('Naam', 'Name'), exact: true }).fill('Leverancier');
  await page.getByRole('checkbox', { name: say('Kenteken', 'Number plate') }).check();
  const save = page.getByRole('button', { name: say('Opslaan', 'Save') });
  await save.click();
  await expect(page.getByText(say('Zeg waarvoor het nodig is', 'Say for what it is needed'))).toBeVisible();
  await page.getByLabel(say('Waarvoor, in het Nederlands', 'For what, in Dutch')).fill('Voor de slagboom');
  await axe(page);
  await fits(page);
  await save.click();
  await expect(row(page, 'Leverancier')).toContainText(say('Kenteken', 'Number plate'));
  await page.getByRole('link', { name: 'Hoofdkantoor' }).click();
  await page.getByRole('button', { name: say('Stap toevoegen', 'Add a step') }).click();
  await page.getByLabel(say('Huisregels, in het Nederlands', 'House rules, in Dutch')).fill('Meld je bij de balie.');
  await axe(page);
  await fits(page);
  await save.click();
  await expect(page.getByText(say('Hoofdkantoor is opgeslagen', 'Hoofdkantoor is saved'))).toBeVisible();
  const kept = (await (await api('owner')).get(`/sites/${organization.site_id}/visit-settings`)) as {
    chain: { who: string }[];
    house_rules: Record<string, string>;
  };
  expect(kept.chain.map(({ who }) => who)).toEqual(['host']);
  expect(kept.house_rules).toEqual({ nl: 'Meld je bij de balie.' });
});

test('a reception invites a group, receives them, and sees them leave', async ({ signIn, api, say }) => {
  await (await api('owner')).post('/visit-types', TYPE);
  const page = await signIn('reception', '/visits');
  await expect(page.getByRole('heading', { name: say('Geen bezoek op deze dag', 'No visitors on this day') })).toBeVisible();
  await axe(page);
  await page.getByRole('link', { name: say('Uitnodigen', 'Invite'), exact: true }).click();
  const people = page.getByLabel(say('Bezoekers', 'Visitors'));
  await people.fill('Jan de Wit; jan@example.org\nannie@');
  await expect(page.getByText(say('Regel 2', 'Line 2'))).toBeVisible();
  await people.fill('Jan de Wit; jan@example.org\nAnnie Ökçü 🎉');
  await expect(page.getByText(say('2 bezoekers', '2 visitors'))).toBeVisible();
  await page.getByLabel(say('Van', 'From'), { exact: true }).fill('00:00');
  await page.getByLabel(say('Tot', 'Until'), { exact: true }).fill('23:59');
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Uitnodigen', 'Invite') }).click();
  await expect(row(page, 'Jan de Wit')).toContainText(say('Verwacht', 'Expected'));
  await row(page, 'Annie')
    .getByRole('button', { name: say('Aangekomen', 'Arrived') })
    .click();
  await expect(row(page, 'Annie')).toContainText(say('Binnen', 'On site'));
  await axe(page);
  await fits(page);
  await row(page, 'Annie')
    .getByRole('button', { name: say('Vertrokken', 'Left') })
    .click();
  await expect(row(page, 'Annie')).toContainText(say('Vertrokken', 'Left'));
  await page.getByRole('radio', { name: say('Komt nog', 'To come') }).check({ force: true });
  await expect(row(page, 'Annie')).toHaveCount(0);
  await page.getByRole('link', { name: 'Jan de Wit' }).click();
  await expect(page.getByText(say('Wordt gewist op', 'Will be deleted on'))).toBeVisible();
  await axe(page);
  await page.getByRole('link', { name: say('De uitnodiging', 'The invitation') }).click();
  await page.getByRole('button', { name: say('Uitnodiging afzeggen', 'Cancel the invitation') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Uitnodiging afzeggen', 'Cancel the invitation') })
    .click();
  await expect(page.getByText(say('Deze uitnodiging is afgezegd', 'This invitation was cancelled'))).toBeVisible();
  await axe(page);
});

test(
  'without a network the reception lets somebody in and out, and it is sent later',
  { tag: '@offline' },
  async ({ signIn, api, say, organization, context }) => {
    const owner = await api('owner');
    const type = (await owner.post('/visit-types', TYPE)) as Made;
    const starts = new Date(Date.now() - 60_000).toISOString();
    const ends = new Date(Date.now() + 60_000).toISOString();
    await owner.post('/invitations', {
      site_id: organization.site_id,
      visit_type_id: type.id,
      starts_at: starts,
      ends_at: ends,
      visitors: [{ name: 'Karel Komt' }],
      tell: false,
    });
    const page = await signIn('reception', '/visits');
    await expect(row(page, 'Karel Komt')).toBeVisible();
    await context.setOffline(true);
    await row(page, 'Karel Komt')
      .getByRole('button', { name: say('Aangekomen', 'Arrived') })
      .click();
    await expect(row(page, 'Karel Komt')).toContainText(say('Binnen', 'On site'));
    await expect(row(page, 'Karel Komt')).toContainText(say('wordt nog verstuurd', 'will be sent'));
    await axe(page);
    await context.setOffline(false);
    await expect(row(page, 'Karel Komt')).not.toContainText(say('wordt nog verstuurd', 'will be sent'));
    await expect
      .poll(async () => ((await owner.get(`/visits?site_id=${organization.site_id}`)) as { items: { state: string }[] }).items[0]?.state)
      .toBe('on_site');
  },
);

test('somebody walks in and waits; their host lets them in, on a screen of their own', async ({ signIn, api, say, organization }) => {
  const owner = await api('owner');
  const type = (await owner.post('/visit-types', { ...TYPE, approval: true })) as Made;
  const host_name = organization.people.employee.name;
  const walk_in = { name: 'Wim Wacht', visit_type_id: type.id, host_name };
  const arrived = await owner.send<{ state: string }>(
    'POST',
    '/kiosk/visits/arrival',
    { id: crypto.randomUUID(), walk_in },
    organization.kiosk.token,
  );
  expect(arrived.state).toBe('waiting');
  const page = await signIn('employee', '/my-visits');
  await expect(page.getByRole('link', { name: 'Wim Wacht' })).toBeVisible();
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Toelaten', 'Let in') }).click();
  await page.getByRole('button', { name: say('Ik kom eraan', 'I am coming') }).click();
  await expect(page.getByText(say('De receptie weet het', 'The reception knows'))).toBeVisible();
  await page.getByRole('button', { name: say('Vertrokken', 'Left') }).click();
  await expect(page.getByRole('link', { name: 'Wim Wacht' })).toHaveCount(0);
});

test('what was is found by name and period as long as it is kept, and leaves as a file', async ({ signIn, api, say, organization }) => {
  const owner = await api('owner');
  const type = (await owner.post('/visit-types', TYPE)) as Made;
  const visit = (await owner.post('/visits', { site_id: organization.site_id, visit_type_id: type.id, name: 'Greet Geweest' })) as Made;
  await owner.post(`/visits/${visit.id}/departure`, {});
  const page = await signIn('manager', '/visit-history');
  await expect(row(page, 'Greet Geweest')).toContainText(say('Vertrokken', 'Left'));
  await expect(page.getByText(say('Te weinig bezoek', 'Too few visitors'))).toBeVisible();
  await axe(page);
  await fits(page);
  await page.getByRole('searchbox').fill('Niemand zo');
  await expect(row(page, 'Greet Geweest')).toHaveCount(0);
  await page.getByRole('searchbox').fill('greet');
  await expect(row(page, 'Greet Geweest')).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: say('Opslaan als CSV', 'Save as CSV') }).click();
  expect((await download).suggestedFilename()).toMatch(/^visits-.*\.csv$/);
});

test('who has not signed is let in nevertheless or signs at the desk, and it stands with the visit until then', async ({
  signIn,
  api,
  say,
  organization,
}) => {
  const owner = await api('owner');
  const texts = { nl: 'Draag een helm.', en: 'Wear a helmet.' };
  const rules = await owner.post<Made>('/agreements', { name: 'Veiligheid', texts });
  const type = (await owner.post('/visit-types', { ...TYPE, agreement_ids: [rules.id] })) as Made;
  const ends_at = new Date(Date.now() + 60_000).toISOString();
  const visitors = [{ name: 'Tess Tekent' }, { name: 'Nico Niet' }];
  const starts_at = new Date(Date.now() - 60_000).toISOString();
  await owner.post('/invitations', { site_id: organization.site_id, visit_type_id: type.id, starts_at, ends_at, visitors, tell: false });
  const page = await signIn('reception', '/visits');
  const lacks = say('Niet ondertekend: Veiligheid (versie 1)', 'Not signed: Veiligheid (version 1)');
  const comes = (name: string) =>
    row(page, name)
      .getByRole('button', { name: say('Aangekomen', 'Arrived') })
      .click();
  await expect(row(page, 'Nico Niet')).toContainText(lacks);
  await comes('Nico Niet');
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Toelaten zonder ondertekenen', 'Let in without signing') }).click();
  await expect(row(page, 'Nico Niet')).toContainText(say('Binnen', 'On site'));
  await expect(row(page, 'Nico Niet')).toContainText(lacks);

  const here = page.getByRole('button', { name: say('Hier ondertekenen', 'Sign here') });
  const signs = async (name: string) => {
    await here.click();
    await expect(page.getByText(say(texts.nl, texts.en))).toBeVisible();
    await page.getByRole('checkbox', { name: say(`${name} heeft dit gelezen`, `${name} has read this`) }).check();
  };
  const sign = page.getByRole('button', { name: say('Ondertekenen', 'Sign'), exact: true });
  await comes('Tess Tekent');
  await signs('Tess Tekent');
  await axe(page);
  await fits(page);
  await sign.click();
  await expect(row(page, 'Tess Tekent')).toContainText(say('Binnen', 'On site'));
  await expect(row(page, 'Tess Tekent')).not.toContainText(lacks);

  await page.getByRole('link', { name: 'Nico Niet' }).click();
  await expect(page.getByRole('heading', { name: say('Nog niet ondertekend', 'Not signed yet') })).toBeVisible();
  await axe(page);
  await signs('Nico Niet');
  await sign.click();
  await expect(page.getByRole('heading', { name: say('Nog niet ondertekend', 'Not signed yet') })).toHaveCount(0);

  await page.goto('/visits');
  await page.getByRole('button', { name: say('Zonder uitnodiging', 'Without an invitation') }).click();
  await page.getByLabel(say('Naam', 'Name'), { exact: true }).fill('Wout Walk');
  await page.getByRole('button', { name: say('Toelaten', 'Let in'), exact: true }).click();
  await signs('Wout Walk');
  await sign.click();
  await expect(page.getByRole('heading', { name: say('Nog niet ondertekend', 'Not signed yet') })).toHaveCount(0);
  const seen = (await (await api('reception')).get(`/visits?site_id=${organization.site_id}`)) as {
    items: { name: string; unsigned: unknown[] }[];
  };
  expect(seen.items.map(({ name, unsigned }) => [name, unsigned.length]).toSorted()).toEqual([
    ['Nico Niet', 0],
    ['Tess Tekent', 0],
    ['Wout Walk', 0],
  ]);
});
