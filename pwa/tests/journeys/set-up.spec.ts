import { axe, expect, fits, test } from './harness/index.ts';

test('a manager makes a site and takes it out of use, and back at once', async ({ signIn, say }) => {
  const page = await signIn('manager', '/sites');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.getByRole('button', { name: say('Locatie toevoegen', 'Add a site') }).click();
  await page.getByLabel(say('Naam', 'Name'), { exact: true }).fill('Depot Noord');
  await axe(page);
  await page.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  const row = page.getByRole('row').filter({ hasText: 'Depot Noord' });
  await expect(row).toBeVisible();
  await axe(page);
  await fits(page);
  await row.getByRole('button', { name: say('Buiten gebruik stellen', 'Retire') }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole('button', { name: say('Ongedaan maken', 'Undo') }).click();
  await expect(row).toBeVisible();
});

test('a manager makes a group and puts people in and out', async ({ signIn, say }) => {
  const page = await signIn('manager', '/groups');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Groep toevoegen', 'Add a group') }).click();
  await page.getByLabel(say('Naam', 'Name'), { exact: true }).fill('Nachtdienst');
  await page.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Nachtdienst' })).toBeVisible();
  await page.getByLabel(say('Wie', 'Who'), { exact: true }).fill('cas');
  await page.getByRole('button', { name: 'Cas Collega' }).click();
  const row = page.getByRole('row').filter({ hasText: 'Cas Collega' });
  await expect(row).toBeVisible();
  await axe(page);
  await fits(page);
  await row.getByRole('button', { name: say('Eruit halen', 'Take out') }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole('button', { name: say('Buiten gebruik stellen', 'Retire') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Buiten gebruik stellen', 'Retire') })
    .click();
  await page.getByRole('button', { name: say('Weer in gebruik nemen', 'Take back into use') }).click();
  await expect(page.getByText(say('Nog niemand.', 'Nobody yet.'))).toBeVisible();
});

test('a manager plans a shift over midnight and limits when people are looked at', async ({ signIn, say }) => {
  test.slow();
  const page = await signIn('manager', '/shifts');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Dienst toevoegen', 'Add a shift') }).click();
  await page
    .getByRole('combobox', { name: say('Groep', 'Group') })
    .last()
    .selectOption({ label: 'Kantoor' });
  await page.getByLabel(say('Naam', 'Name'), { exact: true }).fill('Nacht');
  await page.getByLabel(say('Van', 'From'), { exact: true }).fill('22:00');
  await page.getByLabel(say('Tot', 'Until'), { exact: true }).fill('06:00');
  await expect(page.getByText(say('Eindigt op de volgende dag.', 'Ends on the next day.'))).toBeVisible();
  await axe(page);
  await page.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  const row = page.getByRole('row').filter({ hasText: 'Nacht' });
  await expect(row).toContainText('22:00–06:00');
  await axe(page);
  await fits(page);

  await page.getByRole('tab', { name: say('Werktijden', 'Working windows') }).click();
  await page.getByRole('button', { name: say('Werktijden toevoegen', 'Add a working window') }).click();
  await page.getByRole('radio', { name: say('Persoon', 'Person') }).check();
  await page.getByRole('textbox', { name: say('Persoon', 'Person') }).fill('emma');
  await page.getByRole('button', { name: 'Emma Jansen' }).click();
  for (const day of say('maandag dinsdag woensdag donderdag vrijdag', 'Monday Tuesday Wednesday Thursday Friday').split(' ')) {
    await page.getByLabel(day, { exact: true }).uncheck();
  }
  await page.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await expect(page.getByText(say('Kies er minstens 1', 'Choose at least 1'))).toBeVisible();
  await page.getByLabel(say('maandag', 'Monday'), { exact: true }).check();
  await page.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  const window = page.getByRole('row').filter({ hasText: 'Emma Jansen' });
  await expect(window).toContainText('09:00–17:00');
  await window.getByRole('button', { name: say('Wijzigen (Emma Jansen)', 'Change (Emma Jansen)') }).click();
  await page.getByLabel(say('Tot', 'Until'), { exact: true }).fill('13:00');
  await page.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await expect(window).toContainText('09:00–13:00');
  await window.getByRole('button', { name: say('Beëindigen', 'End') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Beëindigen', 'End') })
    .click();
  await expect(window).toHaveCount(0);
});

test('a phone is enrolled by a code, becomes that of whoever scans it, and is revoked', async ({
  signIn,
  another,
  organization,
  say,
  api,
}) => {
  test.slow();
  const page = await signIn('manager', '/devices');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'Cas Collega' })).toBeVisible();
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Telefoon koppelen', 'Enrol a phone') }).click();
  await page.getByLabel(say('Wiens telefoon', 'Whose phone')).fill('emma');
  await page.getByRole('button', { name: 'Emma Jansen' }).click();
  await page.getByLabel(say('Hoe die heet', 'What to call it')).fill('Fairphone');
  await page.getByRole('button', { name: say('Code maken', 'Make a code') }).click();
  const card = page.getByRole('status').filter({ hasText: 'Emma Jansen' });
  await expect(card.getByRole('img')).toBeVisible();
  await axe(page);
  await fits(page);
  const code = await card.locator('code').first().innerText();

  const phone = await another('employee', '/enrol#ABCDEFGHJK');
  await phone.getByRole('button', { name: say('Maak dit mijn telefoon', 'Make this my phone') }).click();
  await expect(phone.getByText(say('Deze code is onbekend', 'This code is unknown'))).toBeVisible();
  await axe(phone);
  await phone.goto('/');
  await phone.goto(`/enrol#${code}`);
  await expect(phone).toHaveURL(/\/enrol$/);
  await phone.getByRole('button', { name: say('Maak dit mijn telefoon', 'Make this my phone') }).click();
  await expect(phone.getByText(say('Dit is nu jouw telefoon: Fairphone', 'This is now your phone: Fairphone'))).toBeVisible();
  await axe(phone);
  await fits(phone);
  const mine = await (await api('employee')).get<{ items: { id: string; name: string }[] }>('/devices');
  const standing = await (await api('employee')).get<{ tracking_device_id: string | null }>('/me/switch');
  expect(mine.items.map((device) => device.name)).toEqual(['Fairphone']);
  expect(standing.tracking_device_id).toBe(mine.items[0]?.id);

  await page.goto(`/devices?person=${organization.people.employee.person_id}`);
  await page.getByRole('button', { name: say('Intrekken: Fairphone', 'Revoke: Fairphone') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Intrekken', 'Revoke') })
    .click();
  await expect(page.getByRole('heading', { name: say('Nog geen apparaten', 'No devices yet') })).toBeVisible();
});

test('a code of somebody else makes nothing of this browser', async ({ signIn, api, organization, say }) => {
  const body = { name: 'Telefoon', person_id: organization.people.colleague.person_id };
  const { code } = await (await api('manager')).post<{ code: string }>('/enrolments', body);
  const page = await signIn('employee', `/enrol#${code}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.getByRole('button', { name: say('Maak dit mijn telefoon', 'Make this my phone') }).click();
  await expect(page.getByText(say('Deze code was voor een ander apparaat', 'This code was for another device'))).toBeVisible();
});

test('members are listed with their roles', async ({ signIn, say }) => {
  const page = await signIn('manager', '/members');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'Piet Privacy' })).toContainText(say('Privacyfunctionaris', 'Privacy officer'));
  await axe(page);
  await fits(page);
});

test('an owner changes the organization and switches a module off and on', async ({ signIn, say }) => {
  const page = await signIn('owner', '/organization');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByLabel(say('Contactpersoon', 'Contact'), { exact: true })).toHaveValue('Olga Eigenaar');
  await axe(page);
  await fits(page);
  await page.getByLabel(say('Contactpersoon', 'Contact'), { exact: true }).fill('Carla Contact');
  await page.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await expect(page.getByText(say('Opgeslagen.', 'Saved.'))).toBeVisible();
  await page.getByRole('tab', { name: 'Modules' }).click();
  const calls = page.getByRole('switch', { name: say('Groepsgesprekken', 'Conference calls') });
  const was = await calls.isChecked();
  if (!was) await calls.click();
  await expect(calls).toBeChecked();
  await axe(page);
  await fits(page);
  await calls.click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Uitzetten', 'Switch off') })
    .click();
  await expect(calls).not.toBeChecked();
  await page.getByRole('button', { name: say('Ongedaan maken', 'Undo') }).click();
  await expect(calls).toBeChecked();
});

test('an owner withdraws the instruction and signs another, warned where it is thin', async ({ signIn, say }) => {
  const page = await signIn('owner', '/data-protection');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText(say('Er is geen effectbeoordeling', 'No impact assessment'))).toBeVisible();
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Intrekken', 'Withdraw') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Intrekken', 'Withdraw') })
    .click();
  await expect(page.getByText(say('Er geldt geen opdracht', 'No instruction holds'))).toBeVisible();
  await page.getByRole('button', { name: say('Ondertekenen', 'Sign'), exact: true }).click();
  await expect(page.getByLabel(say('Grondslag', 'Legal basis'))).toBeFocused();
  await page.getByLabel(say('Grondslag', 'Legal basis')).selectOption('consent');
  await expect(page.getByText(say('zelden een geldige grondslag', 'seldom a valid basis'))).toBeVisible();
  await axe(page);
  await fits(page);
  await page.getByLabel(say('Grondslag', 'Legal basis')).selectOption('legitimate_interest');
  await page.getByLabel(say('Effectbeoordeling (DPIA)', 'Impact assessment (DPIA)')).fill('DPIA 2026-4');
  await page.getByLabel(say('Functie', 'Function'), { exact: true }).fill('Directeur');
  await page.getByRole('button', { name: say('Ondertekenen', 'Sign'), exact: true }).click();
  await expect(page.getByText('DPIA 2026-4')).toBeVisible();
  await expect(page.getByText(say('Er is geen effectbeoordeling', 'No impact assessment'))).toHaveCount(0);
});

test('the privacy officer reads what was accepted, what is kept and what was refused', async ({ signIn, ping, say, api }) => {
  const [current] = (await (await api('owner')).get<{ items: { id: string }[] }>('/privacy/instructions')).items;
  await (await api('owner')).post(`/privacy/instructions/${current?.id}/withdraw`, { withdrawn_by: 'Olga' });
  await ping({ latitude: 52.2508, longitude: 6.1557 });
  const page = await signIn('privacy_officer', '/data-protection?part=refusals');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: say('Geen opdracht', 'No instruction') })).toContainText('1');
  await axe(page);
  await fits(page);
  await page.getByRole('tab', { name: say('Register', 'Register') }).click();
  await expect(page.getByRole('heading', { name: say('Aanwezigheid', 'Attendance') })).toBeVisible();
  await axe(page);
  await fits(page);
  await page.getByRole('tab', { name: say('Verklaring', 'Statement') }).click();
  await expect(page.getByText(say('De huidige versie is aanvaard', 'The current version was accepted'))).toBeVisible();
  await axe(page);
  await fits(page);
});
