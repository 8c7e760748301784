import { axe, expect, fits, type Organization, test } from './harness/index.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The local date of so many days ago in Amsterdam, and a time on it. */
const dayAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toLocaleDateString('en-CA', { timeZone: 'Europe/Amsterdam' });
const timeOn = (day: string, time: string) => {
  const ahead_h = new Date(`${day}T12:00:00Z`).toLocaleTimeString('en-GB', { timeZone: 'Europe/Amsterdam', hour: '2-digit' });
  return new Date(Date.parse(`${day}T${time}:00Z`) - (Number(ahead_h) - 12) * HOUR_MS).toISOString();
};

interface Poster {
  post: <T>(path: string, body?: object) => Promise<T>;
}
/** The manager enters what the employee forgot: in and out, by turns. */
async function worked(
  manager: Poster,
  organization: Organization,
  day: string,
  times: readonly string[],
  who: 'employee' | 'colleague' = 'employee',
) {
  const { person_id } = organization.people[who];
  for (const [nth, time] of times.entries()) {
    const kind = nth % 2 ? 'out' : 'in';
    await manager.post('/punches', { kind, client_id: `${who}-${day}-${nth}`, at: timeOn(day, time), person_id, note: 'Kiosk' });
  }
}

test('a manager sees who worked when on a day, in a week and a month, and why', async ({ signIn, api, organization, say }) => {
  const day = dayAgo(3);
  const manager = await api('manager');
  await worked(manager, organization, day, ['08:30', '12:00', '12:30', '17:00']);
  await worked(manager, organization, day, ['09:00', '10:15'], 'colleague');
  const page = await signIn('manager', `/attendance?on=${day}`);
  await expect(page.getByRole('heading', { level: 1, name: say('Uren', 'Attendance') })).toBeVisible();
  const row = page.getByRole('listitem').filter({ hasText: 'Emma Jansen' });
  await expect(row).toContainText('08:30–12:00, 12:30–17:00');
  await expect(row).toContainText('8:00');
  await expect(page.getByRole('listitem').filter({ hasText: 'Cas Collega' })).toContainText('1:15');
  await axe(page);
  await fits(page);

  await page.getByRole('searchbox').fill('emma');
  await expect(page.getByRole('listitem').filter({ hasText: 'Cas Collega' })).toHaveCount(0);
  await page.getByRole('radio', { name: 'Week' }).check();
  await expect(page.getByRole('row', { name: /Emma Jansen/ })).toContainText('8:00');
  await axe(page);
  await page.getByRole('radio', { name: say('Maand', 'Month') }).check();
  await expect(page.getByRole('row', { name: /Emma Jansen/ })).toContainText('8:00');
  await page.getByRole('radio', { name: 'Week' }).check();
  await page.getByRole('link', { name: 'Emma Jansen' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'Emma Jansen' })).toBeVisible();
  const why = page.getByRole('article').filter({ hasText: '08:30–12:00' });
  await expect(why).toContainText(say('In- en uitgeklokt', 'Clocked in and out'));
  await expect(why).toContainText('+3:30');
  await expect(why).toContainText('+4:30');
  await expect(why).toContainText(say('In om 08:30, ingevoerd door een manager', 'In at 08:30, entered by a manager'));
  await axe(page);
  await fits(page);
});

test('a manager completes a forgotten clock-out, and somebody else decides', async ({ signIn, another, api, organization, say }) => {
  const day = dayAgo(2);
  await worked(await api('manager'), organization, day, ['08:30']);
  const page = await signIn('manager', '/attendance');
  await page.getByRole('link', { name: say('Bekijk ze', 'Look at them') }).click();
  await axe(page);
  await page.getByRole('button', { name: say('Vul de tijd in, Emma Jansen', 'Give the time, Emma Jansen') }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel(say('Van', 'From'), { exact: true })).toHaveValue('08:30');
  await dialog.getByLabel(say('Tot', 'Until'), { exact: true }).fill('17:00');
  await dialog.getByLabel(say('Waarom?', 'Why?')).fill('Vergeten');
  await axe(page);
  await dialog.getByRole('button', { name: say('Verstuur voorstel', 'Send proposal') }).click();
  await expect(page.getByRole('heading', { name: say('Iedereen is uitgeklokt', 'Everybody clocked out') })).toBeVisible();

  const owner = await another('owner', '/corrections');
  const waiting = owner.getByRole('listitem').filter({ hasText: 'Emma Jansen' });
  await expect(waiting).toContainText('08:30–17:00 ');
  await expect(waiting).toContainText('Mark de Manager');
  await owner.getByRole('button', { name: say('Keur goed, Emma Jansen', 'Approve, Emma Jansen') }).click();
  await axe(owner);
  await owner
    .getByRole('dialog')
    .getByRole('button', { name: say('Keur goed', 'Approve') })
    .click();
  await expect(owner.getByRole('heading', { name: say('Er wacht niets op je', 'Nothing waits for you') })).toBeVisible();
  await owner.goto(`/attendance?on=${day}`);
  await expect(owner.getByRole('listitem').filter({ hasText: 'Emma Jansen' })).toContainText('8:30');
});

test('a manager refuses a correction with a reason, but not one of their own', async ({ signIn, api, organization, say }) => {
  const day = dayAgo(2);
  await worked(await api('manager'), organization, day, ['09:00', '17:00']);
  const employee = await api('employee');
  const add = { worked_on: day, kind: 'add', since: timeOn(day, '17:00'), until: timeOn(day, '19:00') };
  await employee.post('/corrections', { ...add, reason: 'Overwerk' });
  const page = await signIn('manager', '/corrections');
  await page.getByRole('button', { name: say('Wijs af, Emma Jansen', 'Refuse, Emma Jansen') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: say('Wijs af', 'Refuse') }).click();
  await expect(dialog.getByLabel(say('Waarom?', 'Why?'))).toBeFocused();
  await dialog.getByLabel(say('Waarom?', 'Why?')).fill('Niet afgesproken');
  await dialog.getByRole('button', { name: say('Wijs af', 'Refuse') }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole('tab', { name: say('Beslist', 'Decided') }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Emma Jansen' })).toContainText('Niet afgesproken');

  await page.getByRole('button', { name: say('Voorstel voor iemand', 'Propose for somebody') }).click();
  await page.getByRole('dialog').getByRole('searchbox').fill('emma');
  await page.getByRole('button', { name: 'Emma Jansen', exact: true }).click();
  await page.getByLabel(say('Werkdag', 'Workday')).fill(day);
  await page.getByLabel(say('Van', 'From'), { exact: true }).fill('17:00');
  await page.getByLabel(say('Tot', 'Until'), { exact: true }).fill('18:00');
  await page.getByLabel(say('Waarom?', 'Why?')).fill('Overwerk');
  await page.getByRole('button', { name: say('Verstuur voorstel', 'Send proposal') }).click();
  await page.getByRole('tab', { name: say('Te beslissen (1)', 'To decide (1)') }).click();
  await page.getByRole('button', { name: say('Keur goed, Emma Jansen', 'Approve, Emma Jansen') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Keur goed', 'Approve') })
    .click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText(
    say('Iemand anders moet dit beslissen', 'Somebody else must decide this'),
  );
});

test('approving a period says which days are not ready, and the hours can be fetched as a file', async ({
  signIn,
  api,
  organization,
  say,
}) => {
  const manager = await api('manager');
  await worked(manager, organization, dayAgo(3), ['08:30', '17:00']);
  await worked(manager, organization, dayAgo(2), ['08:30']);
  const page = await signIn('manager', `/attendance/approve?first=${dayAgo(5)}&last=${dayAgo(0)}`);
  await expect(page.getByRole('heading', { level: 1, name: say('Een periode goedkeuren', 'Approve a period') })).toBeVisible();
  await axe(page);
  await page.getByRole('button', { name: say('Keur de periode goed', 'Approve the period') }).click();
  await expect(page.getByText(say('1 dag goedgekeurd.', '1 day approved.'))).toBeVisible();
  await expect(page.getByRole('heading', { name: say('1 dag niet klaar', '1 day not ready') })).toBeVisible();
  await expect(page.getByRole('heading', { name: say('Er staat een vraag open', 'A question is open') })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Emma Jansen' })).toBeVisible();
  await axe(page);
  await fits(page);

  await page.goto(`/attendance/export?first=${dayAgo(5)}&last=${dayAgo(0)}`);
  await page.getByLabel(say('Bestand', 'File'), { exact: true }).selectOption('csv');
  await page.getByRole('button', { name: say('Maak het bestand', 'Make the file') }).click();
  const link = page.getByRole('link', { name: /Download workdays-.*\.csv/ });
  await expect(link).toBeVisible({ timeout: 15_000 });
  await axe(page);
  await fits(page);
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  expect(download.suggestedFilename()).toBe(`workdays-${dayAgo(5)}-${dayAgo(0)}.csv`);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toContain('Emma Jansen');
});
