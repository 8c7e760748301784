import { axe, expect, fits, inside, outside, test } from './harness/index.ts';

const HOUR_MS = 3_600_000;

test('an employee reads why, answers what a day asks, and sees what became of it', async ({ signIn, api, organization, say }) => {
  const { person_id } = organization.people.employee;
  const manager = await api('manager');
  // Within one day in Amsterdam, whatever the hour of this run.
  const since = new Date().setUTCHours(8, 0, 0, 0) - 48 * HOUR_MS;
  const enter = (kind: string, at: number) =>
    manager.post('/punches', { kind, client_id: `${kind}-${at}`, at: new Date(at).toISOString(), person_id, note: 'Kiosk' });
  await enter('in', since);
  await enter('out', since + HOUR_MS);
  await enter('in', since + 2 * HOUR_MS);
  const day = new Date(since).toLocaleDateString('en-CA', { timeZone: 'Europe/Amsterdam' });
  const page = await signIn('employee', `/my-data?on=${day}`);
  await expect(page.getByRole('heading', { level: 1, name: say('Mijn gegevens', 'My data') })).toBeVisible();
  const asks = page.getByRole('region', { name: say('Je dag heeft een vraag', 'Your day asks something') });
  await expect(asks).toContainText(say('maar niet uit. Wanneer ging je weg?', 'but not out. When did you leave?'));
  await page.getByText(say('Waarom 1:00?', 'Why 1:00?')).first().click();
  await expect(page.getByRole('article').first()).toContainText(say('In- en uitgeklokt', 'Clocked in and out'));
  await axe(page);
  await fits(page);

  const out = new Date(since + 3 * HOUR_MS).toLocaleTimeString('en-GB', {
    timeZone: 'Europe/Amsterdam',
    hour: '2-digit',
    minute: '2-digit',
  });
  await asks.getByRole('button', { name: say('Vul de tijd in', 'Give the time') }).click();
  await page.getByLabel(say('Toen ging ik weg', 'When I left')).fill(out);
  await page.getByLabel(say('Waarom?', 'Why?')).fill('Vergeten uit te klokken');
  await axe(page);
  await page.getByRole('button', { name: say('Verstuur antwoord', 'Send answer') }).click();
  await expect(asks).toHaveCount(0);

  await page.getByRole('tab', { name: say('Correcties', 'Corrections') }).click();
  const mine = page.getByRole('listitem').filter({ hasText: 'Vergeten uit te klokken' });
  await expect(mine).toContainText(say('Wacht', 'Waits'));
  await axe(page);
  const [waiting] = (await manager.get<{ items: { id: string }[] }>('/corrections?status=proposed')).items;
  await manager.patch(`/corrections/${waiting?.id}`, { status: 'approved', reason: 'Klopt' });
  await expect(mine).toContainText('Mark de Manager');
});

test('an employee sees what the employer was told, what is known, who looked, and what they agreed to', async ({
  signIn,
  api,
  ping,
  say,
}) => {
  await ping(inside, { seconds_ago: 3000 });
  await ping(inside, { seconds_ago: 2400 });
  await ping(outside, { seconds_ago: 1500 });
  await ping(outside, { seconds_ago: 900 });
  await (await api('manager')).get('/presence');
  const page = await signIn('colleague', '/my-data?tab=seen');
  const told = page.getByRole('region', { name: say('Wat je werkgever te zien kreeg', 'What your employer was told') });
  await expect(told).toContainText(say('Weggegaan: Kantoor Kade', 'Left: Kantoor Kade'));
  const stays = page.getByRole('region', { name: say('Waar je binnen was', 'Your stays') });
  await expect(stays).toContainText(say('Weggaan gezien', 'Leaving seen'));
  await stays.getByText(say('Wat er is gezien', 'What was seen')).click();
  await expect(stays).toContainText(say('Waar precies wordt niet bewaard.', 'Where exactly is not kept.'));
  await expect(page.getByRole('region', { name: say('Wie keek', 'Who looked') })).toContainText('Mark de Manager');
  await axe(page);
  await fits(page);
  await page.getByRole('tab', { name: say('Mijn akkoord', 'What I agreed to') }).click();
  await expect(page.getByText(say('Gelezen in het Nederlands', 'Read in Dutch'))).toBeVisible();
  await expect(page.getByText(say('Delen aangezet', 'Sharing switched on'))).toBeVisible();
  await axe(page);
  await fits(page);
});

test(
  'a correction proposed without a network is kept, sent later, and can be taken back',
  { tag: '@offline' },
  async ({ signIn, context, say, watch }) => {
    watch.allow(/ERR_INTERNET_DISCONNECTED|Failed to fetch|Worker failed to load|stream/);
    const page = await signIn('employee', '/my-data?tab=corrections');
    await expect(page.getByText(say('Over jouw dagen is niets voorgesteld.', 'Nothing was proposed about your days.'))).toBeVisible();
    await context.setOffline(true);
    await page.evaluate(() => dispatchEvent(new Event('offline')));
    await page.getByRole('button', { name: say('Stel een correctie voor', 'Propose a correction') }).click();
    const yesterday = new Date(Date.now() - 24 * HOUR_MS).toLocaleDateString('en-CA', { timeZone: 'Europe/Amsterdam' });
    await page.getByLabel(say('Werkdag', 'Workday')).fill(yesterday);
    await page.getByLabel(say('Van', 'From'), { exact: true }).fill('13:00');
    await page.getByLabel(say('Tot', 'Until'), { exact: true }).fill('13:00');
    await page.getByLabel(say('Waarom?', 'Why?')).fill('Bij de klant');
    const sendIt = page.getByRole('button', { name: say('Verstuur voorstel', 'Send proposal') });
    await sendIt.click();
    await expect(
      page.getByText(say('Van en tot zijn gelijk. Geef een tijd die duurt.', 'From and until are the same. Give a time that lasts.')),
    ).toBeVisible();
    await page.getByLabel(say('Tot', 'Until'), { exact: true }).fill('14:30');
    await sendIt.click();
    await expect(page.getByRole('dialog')).toHaveCount(0, { timeout: 12_000 });
    await expect(
      page.getByText(say('1 voorstel wacht op dit apparaat op verzending.', '1 proposal waits on this device to be sent.')),
    ).toBeVisible();
    await context.setOffline(false);
    await page.evaluate(() => dispatchEvent(new Event('online')));
    const mine = page.getByRole('listitem').filter({ hasText: 'Bij de klant' });
    await expect(mine).toContainText('13:00–14:30', { timeout: 15_000 });
    await mine.getByRole('button', { name: say('Trek in', 'Take back') }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: say('Trek in', 'Take back') })
      .click();
    await expect(mine).toContainText(say('Ingetrokken', 'Withdrawn'));
    await page.getByRole('tab', { name: say('Meenemen', 'Take it along') }).click();
    await page.getByLabel(say('Bestand', 'File'), { exact: true }).selectOption('json');
    await page.getByRole('button', { name: say('Maak het bestand', 'Make the file') }).click();
    await expect(page.getByRole('link', { name: /Download workdays-.*\.json/ })).toBeVisible({ timeout: 15_000 });
    await axe(page);
    await fits(page);
  },
);
