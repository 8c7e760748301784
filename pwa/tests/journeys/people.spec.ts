import { axe, expect, fits, test } from './harness/index.ts';

test('a manager finds somebody, changes what is known of them, and sees that somebody else was faster', async ({
  signIn,
  api,
  organization,
  say,
}) => {
  const page = await signIn('manager', '/people');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.getByRole('searchbox').fill('jansen');
  await expect(page.getByRole('row').filter({ hasText: 'Cas Collega' })).toHaveCount(0);
  await axe(page);
  await fits(page);
  await page.getByRole('link', { name: 'Emma Jansen' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Emma Jansen' })).toBeVisible();
  await axe(page);
  await fits(page);
  await page
    .getByRole('link', { name: say('Wijzigen', 'Change'), exact: true })
    .first()
    .click();
  const telephone = page.getByLabel(say('Telefoon', 'Telephone'));
  await telephone.fill('12');
  await page.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await expect(page.getByText(say('nummer kan niet bestaan', 'A number like this cannot exist'))).toBeVisible();
  await expect(telephone).toBeFocused();

  const { person_id } = organization.people.employee;
  await (await api('owner')).put(`/people/${person_id}`, { name: 'Emma de Vries', site_id: organization.site_id });
  await telephone.fill('06 12345678 is wrong');
  await telephone.fill('+31 6 12345678');
  await page.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await expect(page.getByText(say('Nu opgeslagen: Emma de Vries', 'Saved now: Emma de Vries'))).toBeVisible();
  await axe(page);
  await page.getByLabel(say('Naam', 'Name'), { exact: false }).first().fill('Emma de Vries');
  await page.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Emma de Vries' })).toBeVisible();
  await expect(page.getByRole('link', { name: '+31612345678' })).toBeVisible();
});

test('an owner adds somebody, puts them in a group, and hands over a password that is shown once', async ({ signIn, say }) => {
  test.slow();
  const page = await signIn('owner', '/people/new');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await expect(page.getByText(say('Vul dit in', 'Fill this in'))).toBeVisible();
  await page.getByLabel(say('Naam', 'Name'), { exact: false }).first().fill('Noor Nieuwkomer');
  await page.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Noor Nieuwkomer' })).toBeVisible();

  await page.getByLabel(say('In een groep zetten', 'Put into a group')).selectOption({ label: 'Kantoor' });
  await page.getByRole('button', { name: say('Toevoegen', 'Put in') }).click();
  await expect(page.getByRole('link', { name: 'Kantoor' })).toBeVisible();
  await page.getByRole('button', { name: say('Uit Kantoor halen', 'Take out of Kantoor') }).click();
  await expect(page.getByRole('link', { name: 'Kantoor' })).toHaveCount(0);
  await page
    .getByRole('button', { name: say('Ongedaan maken', 'Undo') })
    .last()
    .click();
  await expect(page.getByRole('link', { name: 'Kantoor' })).toBeVisible();

  await page.getByRole('button', { name: say('Inlog geven', 'Give a sign-in') }).click();
  await page.getByLabel(say('Medewerker', 'Employee'), { exact: true }).uncheck();
  await axe(page);
  await page.getByRole('button', { name: say('Eenmalig wachtwoord maken', 'Make a one-time password') }).click();
  await expect(page.getByText(say('Kies er minstens 1', 'Choose at least 1'))).toBeVisible();
  await page.getByLabel(say('Receptie', 'Reception'), { exact: true }).check();
  await page.getByRole('button', { name: say('Eenmalig wachtwoord maken', 'Make a one-time password') }).click();
  await expect(page.getByText(say('je ziet het maar één keer', 'it is shown once'))).toBeVisible();
  await axe(page);
  await fits(page);
  await page.reload();
  await expect(page.getByText(say('Eenmalig, nog niet gewijzigd', 'One-time, not changed yet'))).toBeVisible();
  await expect(page.getByText(say('je ziet het maar één keer', 'it is shown once'))).toHaveCount(0);

  await page.getByRole('button', { name: say('Rollen wijzigen', 'Change roles') }).click();
  await page.getByLabel('Manager', { exact: true }).check();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Opslaan', 'Save') })
    .click();
  await expect(page.getByText(say('Manager en Receptie', 'Manager and Reception'))).toBeVisible();
});

test('somebody leaves and comes back', async ({ signIn, organization, say }) => {
  const page = await signIn('manager', `/people/${organization.people.colleague.person_id}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.getByRole('button', { name: say('Is vertrokken', 'Has left') }).click();
  await expect(page.getByRole('dialog')).toContainText(say('Is Cas Collega vertrokken?', 'Has Cas Collega left the organization?'));
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Is vertrokken', 'Has left') })
    .click();
  await expect(page.getByText(say('Vertrokken op', 'Left on'))).toBeVisible();
  await page.goto('/people?which=left');
  await expect(page.getByRole('link', { name: 'Cas Collega' })).toBeVisible();
  await page.getByRole('link', { name: 'Cas Collega' }).click();
  await page.getByRole('button', { name: say('Terugzetten', 'Take back') }).click();
  await expect(page.getByText(say('Vertrokken op', 'Left on'))).toHaveCount(0);
});

test('people come from a file, after a look at what every line would do', async ({ signIn, say }) => {
  const page = await signIn('manager', '/people/import');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await axe(page);
  await fits(page);
  const lines = [
    'naam;telefoon;email;groepen',
    'Anna Import;+31612345601;anna@example.org;Kantoor',
    'Bas Import;kapot;;',
    'Cor Import;+31612345602;;Nergens',
  ];
  const file = (text: string) => ({ name: 'mensen.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.locator('input[type=file]').setInputFiles(file('kleur\nblauw\n'));
  await expect(page.getByRole('alert')).toContainText(say('onbekende kop', 'unknown heading'));
  await page.locator('input[type=file]').setInputFiles(file(`${lines.join('\n')}\n`));
  await expect(page.getByText(say('2 regels fout', '2 lines wrong'))).toBeVisible();
  await expect(page.getByText(say('telefoon: Dit is geen telefoonnummer', 'telephone: Not a telephone number'))).toBeVisible();
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('1 persoon toevoegen', 'Add 1 person') }).click();
  await expect(page.getByRole('heading', { level: 1, name: say('Mensen', 'People') })).toBeVisible();
  await page.getByRole('searchbox').fill('anna');
  await expect(page.getByRole('link', { name: 'Anna Import' })).toBeVisible();
});
