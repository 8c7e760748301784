import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { axe, expect, fits, test, textsTo } from './harness/index.ts';

const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Amsterdam' }).format(Date.now());
/** A local day of the site, so many days from now. */
const day = (days: number) => new Date(Date.parse(`${today}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const compact = (on: string) => on.replaceAll('-', '');

/** The lines of the calendar file behind the visitor's page, unfolded. */
async function calendar(page: Page): Promise<string[]> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /Zet in je agenda|Add to your calendar/ }).click(),
  ]);
  return (await readFile(await file.path(), 'utf8')).replaceAll('\r\n ', '').split('\r\n');
}

test('a host invites again and again, changes the hour and ends the series; the page and the calendar of the visitor follow', async ({
  signIn,
  another,
  api,
  house,
  organization,
  say,
}) => {
  test.setTimeout(120_000);
  const telephone = `+3165${String(organization.id).padStart(7, '0')}`;
  const owner = await api('owner');
  await owner.put('/organization/modules', { modules: ['attendance', 'geofence', 'messages', 'visitors'] });
  await owner.post('/visit-types', { name: 'Overleg', fields: {} });
  const texts = async (count: number): Promise<string> => {
    await expect.poll(() => textsTo(house, telephone), { timeout: 30_000 }).toHaveLength(count);
    return (await textsTo(house, telephone))[count - 1] ?? '';
  };

  const host = await signIn('employee', '/my-visits');
  await host
    .getByRole('link', { name: say('Uitnodigen', 'Invite'), exact: true })
    .first()
    .click();
  await host.getByLabel(say('Waar het over gaat', 'What it is about')).fill('Voortgang');
  await host.getByLabel(say('Dag', 'Day'), { exact: true }).fill(day(1));
  await host.getByLabel(say('Van', 'From'), { exact: true }).fill('10:00');
  await host.getByLabel(say('Tot', 'Until'), { exact: true }).fill('11:00');
  await host.getByLabel(say('Hoe vaak', 'How often')).selectOption({ label: say('Elke week', 'Each week') });
  await host.getByLabel(say('Tot en met', 'Until and including')).fill(day(22));
  await host.getByLabel(say('Bezoekers', 'Visitors')).fill(`Vera Vaak; ${telephone}`);
  await axe(host);
  await host.getByRole('button', { name: say('Uitnodigen', 'Invite') }).click();

  // Four times are planned; the host's own screen shows those of the next two weeks.
  const lines = host.getByRole('listitem').filter({ hasText: 'Vera Vaak' });
  await expect(lines).toHaveCount(2);
  await expect(lines.first()).toContainText('10:00');

  const page = await another('employee', '/account');
  const link = /\/v\/\S+/.exec(await texts(1))?.[0] ?? '';
  await page.goto(link);
  const expected = page.getByText(/: (verwacht|expected)$/);
  await expect(expected).toHaveCount(4);
  for (const weeks of [0, 1, 2, 3]) {
    const [year, month, on] = day(1 + weeks * 7).split('-');
    await expect(expected.nth(weeks)).toContainText(`${on}-${month}-${year}`);
    await expect(expected.nth(weeks)).toContainText('10:00');
  }
  await axe(page);
  await fits(page);
  const first = await calendar(page);
  const uid = first.find((line) => line.startsWith('UID:'));
  const rule = first.find((line) => line.startsWith('RRULE:'));
  expect(first).toEqual(
    expect.arrayContaining([
      'METHOD:PUBLISH',
      'SEQUENCE:0',
      'STATUS:CONFIRMED',
      `DTSTART;TZID=Europe/Amsterdam:${compact(day(1))}T100000`,
      `DTEND;TZID=Europe/Amsterdam:${compact(day(1))}T110000`,
    ]),
  );
  expect(rule).toMatch(/^RRULE:FREQ=WEEKLY;UNTIL=\d{8}T\d{6}Z$/);

  // Another hour: the same entry, one change later, and still each week.
  await lines
    .first()
    .getByRole('link', { name: say('De uitnodiging', 'The invitation') })
    .click();
  await host.getByLabel(say('Van', 'From'), { exact: true }).fill('14:30');
  await host.getByLabel(say('Tot', 'Until'), { exact: true }).fill('15:15');
  await host.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await expect(host.getByText(say('De uitnodiging is gewijzigd', 'The invitation is changed'))).toBeVisible();
  expect(await texts(2)).toContain('14:30');
  await page.goto(link);
  await expect(expected).toHaveCount(4);
  for (const weeks of [0, 1, 2, 3]) await expect(expected.nth(weeks)).toContainText('14:30');
  const second = await calendar(page);
  expect(second).toEqual(
    expect.arrayContaining([uid, rule, 'METHOD:PUBLISH', 'SEQUENCE:1', `DTSTART;TZID=Europe/Amsterdam:${compact(day(1))}T143000`]),
  );

  // The series ends: no time is left, the page says so, and the calendar takes the entry out.
  const off = say('Uitnodiging afzeggen', 'Cancel the invitation');
  await host.getByRole('button', { name: off }).click();
  await host.getByRole('dialog').getByRole('button', { name: off }).click();
  await expect(host.getByText(say('Deze uitnodiging is afgezegd', 'This invitation was cancelled'))).toBeVisible();
  await texts(3);
  await page.goto(link);
  await expect(page.getByText(/: (gaat niet door|will not take place)$/)).toHaveCount(4);
  await expect(expected).toHaveCount(0);
  await expect(page.getByRole('img', { name: /QR/ })).toHaveCount(0);
  await axe(page);
  expect(await calendar(page)).toEqual(expect.arrayContaining([uid, 'METHOD:CANCEL', 'SEQUENCE:2', 'STATUS:CANCELLED']));
  await host.goto('/my-visits');
  await expect(host.getByRole('heading', { name: say('Er komt niemand voor je', 'Nobody comes for you') })).toBeVisible();
});
