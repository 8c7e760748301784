import type { Page } from '@playwright/test';
import type { Api } from './harness/api.ts';
import { axe, expect, fits, inside, outside, test, textsTo, type Organization } from './harness/index.ts';

/** Numbers that nobody else has: the provider of SMS is one for all journeys. */
const numberOf = ({ id }: Organization, who: 'colleague' | 'employee') =>
  `+3161${String(id * 10 + (who === 'colleague' ? 1 : 2)).padStart(7, '0')}`;

/** Alerts are on, and two people can be reached by SMS. */
async function ready(owner: Api, organization: Organization): Promise<void> {
  await owner.put('/organization/modules', { modules: ['attendance', 'geofence', 'messages', 'alerts'] });
  for (const who of ['colleague', 'employee'] as const) {
    const { name, person_id } = organization.people[who];
    await owner.put(`/people/${person_id}`, { name, telephone: numberOf(organization, who), site_id: organization.site_id });
  }
}

/** A second phone, beside the colleague's: its token. */
async function phoneOf(manager: Api, employee: Api, person_id: string): Promise<string> {
  const { code } = await manager.post<{ code: string }>('/enrolments', { name: 'Telefoon', person_id });
  const made = await employee.post<{ token: string; device: { id: string } }>('/devices', { code });
  const notice = await employee.get<{ version: string }>('/privacy/notice');
  await employee.post('/me/switch/on', { notice_version: notice.version, locale: 'nl' });
  return made.token;
}

const place = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^${name}`) }).first();

test.describe('on a phone', () => {
  test.use({ only: { form: 'phone' } });

  test('three presses to a countdown; it goes out, somebody answers by link, somebody walks in later, all clear', async ({
    signIn,
    another,
    api,
    house,
    organization,
    ping,
    say,
  }) => {
    test.setTimeout(180_000);
    await ready(await api('owner'), organization);
    const late = await phoneOf(await api('manager'), await api('employee'), organization.people.employee.person_id);
    await ping(outside, { token: late, seconds_ago: 120 });
    await ping(inside);
    const page = await signIn('sender');
    await page.getByRole('link', { name: say('Alarm', 'Alert'), exact: true }).click();
    await expect(place(page, 'Kantoor Kade')).toContainText(say('1 persoon', '1 person'));
    await axe(page);
    await fits(page);
    await page.getByRole('link', { name: say('Alarm', 'Alert'), exact: true }).click();

    await place(page, 'Kantoor Kade').click();
    await expect(page.getByText(say('1 van 1 bekende mensen', '1 of 1 known people'))).toBeVisible();
    await axe(page);
    await fits(page);
    await place(page, say('Ontruiming', 'Evacuation')).click();
    await expect(page.getByRole('timer')).toBeVisible();
    await expect(page.getByRole('button', { name: say('Annuleren', 'Cancel') })).toBeEnabled();
    await axe(page);
    await fits(page);

    await expect(page.getByRole('button', { name: new RegExp(say('1 Stil', '1 Silent')) })).toBeVisible({ timeout: 40_000 });
    await expect.poll(async () => (await textsTo(house, numberOf(organization, 'colleague'))).length, { timeout: 20_000 }).toBe(1);
    await expect(page.getByText(say('Overgedragen voor 1 van 1 bekende mensen', 'Handed over for 1 of 1 known people'))).toBeVisible();
    const link = /https?:\S+\/r\/\S+/.exec((await textsTo(house, numberOf(organization, 'colleague')))[0] ?? '')?.[0] ?? '';
    const answering = await another('colleague', '/account');
    await answering.goto(new URL(link).pathname);
    await answering.getByRole('button', { name: /hulp nodig|need help/ }).click();
    await expect(page.getByRole('heading', { name: say('1 persoon heeft hulp nodig', '1 person needs help') })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Cas Collega' })).toBeVisible();
    await axe(page);
    await fits(page);

    await ping(inside, { token: late });
    const row = page.getByRole('listitem').filter({ hasText: 'Emma Jansen' });
    await expect(row).toContainText(say('Later binnen', 'Came in later'), { timeout: 20_000 });
    await expect.poll(async () => (await textsTo(house, numberOf(organization, 'employee'))).length, { timeout: 20_000 }).toBe(1);
    await row.locator('summary').click();
    await expect(row.getByRole('list')).toContainText(/sms/i);

    await page.getByRole('button', { name: say('Alles veilig', 'All clear') }).click();
    const dialog = page.getByRole('dialog');
    await axe(page);
    await dialog.getByRole('button', { name: say('Verstuur en stop', 'Send and end') }).click();
    await expect(page.getByText(say('Voorbij sinds', 'Over since'))).toBeVisible();
    await expect.poll(async () => (await textsTo(house, numberOf(organization, 'colleague'))).length, { timeout: 20_000 }).toBe(2);
    expect(await textsTo(house, numberOf(organization, 'employee'))).toHaveLength(2);
  });
});

test(
  'an exercise is cancelled while it counts down, nobody is told, and it stands among what was',
  { tag: '@offline' },
  async ({ signIn, api, house, organization, ping, context, say, watch }) => {
    watch.allow(/ERR_INTERNET_DISCONNECTED|Failed to fetch|stream/);
    const owner = await api('owner');
    await ready(owner, organization);
    const settings = await owner.get<Record<string, unknown>>('/messaging-settings');
    await owner.put('/messaging-settings', { ...settings, countdown_s: 60 });
    await ping(inside);
    const page = await signIn('responder', '/alert');
    await page.getByRole('radio', { name: say('Oefening', 'Exercise') }).check();
    await place(page, say('Iedereen op locatie', 'Everyone on site')).click();
    await expect(page.getByText(say('Aan: Iedereen op locatie', 'To: Everyone on site'))).toBeVisible();
    await place(page, say('Ben je veilig', 'Are you safe')).click();
    const cancel = page.getByRole('button', { name: say('Annuleren', 'Cancel') });
    await expect(cancel).toBeEnabled();
    await context.setOffline(true);
    await page.evaluate(() => dispatchEvent(new Event('offline')));
    await expect(page.getByText(say('Zonder netwerk kun je niet annuleren', 'Without a network it cannot be cancelled'))).toBeVisible();
    await expect(cancel).toBeDisabled();
    await context.setOffline(false);
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await expect(cancel).toBeEnabled({ timeout: 15_000 });
    await cancel.click();
    await expect(page.getByText(say('Geannuleerd', 'Cancelled')).first()).toBeVisible();
    await page.goto('/alerts?show=past');
    const line = page.getByRole('row').filter({ hasText: say('Ben je veilig?', 'Are you safe?') });
    await expect(line).toContainText(say('Oefening', 'Exercise'));
    await expect(line).toContainText(say('Geannuleerd', 'Cancelled'));
    await axe(page);
    await fits(page);
    expect(await textsTo(house, numberOf(organization, 'colleague'))).toEqual([]);
  },
);

test('a second person lets an actual alert go', async ({ signIn, another, api, organization, say }) => {
  const owner = await api('owner');
  await ready(owner, organization);
  await owner.put('/messaging-settings', {
    ...(await owner.get<Record<string, unknown>>('/messaging-settings')),
    approval: true,
    countdown_s: 0,
  });
  const page = await signIn('sender', '/alert');
  await place(page, 'Kantoor \\d').click();
  await place(page, say('BHV nodig', 'Responders needed')).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Verstuur nu', 'Send now') })
    .click();
  await expect(page.getByText(say('Wacht op een tweede persoon', 'Waits for a second person'))).toBeVisible();
  await expect(page.getByRole('button', { name: say('Goedkeuren: begin met aftellen', 'Approve: start the countdown') })).toHaveCount(0);
  await axe(page);
  const second = await another('manager', '/alerts');
  await expect(second.getByText(say('Wacht op jouw goedkeuring', 'Waits for your approval'))).toBeVisible();
  await second.getByRole('link', { name: say('BHV nodig', 'Responders needed') }).click();
  await expect(second.getByText('Kantoor', { exact: true })).toBeVisible();
  await expect(second.getByText(/bekende mensen|known people/)).toBeVisible();
  await axe(second);
  await fits(second);
  await second.getByRole('button', { name: say('Goedkeuren: begin met aftellen', 'Approve: start the countdown') }).click();
  await expect(second.getByText(say('Actief', 'Active')).first()).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(say('Actief', 'Active')).first()).toBeVisible({ timeout: 20_000 });
});

test(
  'an alert that waited without a network for more than a minute is not sent, but asks again',
  { tag: '@offline' },
  async ({ signIn, api, context, organization, say, watch }) => {
    watch.allow(/ERR_INTERNET_DISCONNECTED|Failed to fetch|stream/);
    const owner = await api('owner');
    await ready(owner, organization);
    const page = await signIn('sender', '/alert');
    await expect(place(page, 'Kantoor Kade')).toBeVisible();
    await place(page, 'Kantoor Kade').click();
    await expect(page.getByText(say('Op dit moment niemand', 'Nobody at this moment'))).toBeVisible();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await page.evaluate(() => dispatchEvent(new Event('offline')));
    await place(page, say('Blijf binnen', 'Stay inside')).click();
    await expect(
      page.getByText(say('Nog niet verstuurd', 'Not sent yet')).or(page.getByText(say('Gaat naar de server', 'Is being handed'))),
    ).toBeVisible();
    await page.evaluate(async () => {
      const opened = indexedDB.open('muster');
      await new Promise((done) => (opened.onsuccess = done));
      const store = opened.result.transaction('outbox', 'readwrite').objectStore('outbox');
      const all = store.getAll();
      await new Promise((done) => (all.onsuccess = done));
      for (const item of all.result as { kind: string; made: { wall_ms: number }; at_ms: null }[]) {
        if (item.kind === 'alert') store.put({ ...item, at_ms: null, made: { ...item.made, wall_ms: item.made.wall_ms - 61_000 } });
      }
      await new Promise((done) => (store.transaction.oncomplete = done));
      opened.result.close();
    });
    await context.setOffline(false);
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await expect(page.getByText(say('Niet verstuurd: het heeft te lang gewacht', 'Not sent: it waited for too long'))).toBeVisible({
      timeout: 20_000,
    });
    expect((await owner.get<{ items: unknown[] }>('/alerts')).items).toEqual([]);
    await axe(page);
    await fits(page);
    await page.getByRole('button', { name: say('Klopt nog: begin met aftellen', 'Still right: start the countdown') }).click();
    await expect(page.getByRole('timer')).toBeVisible();
    await page.getByRole('button', { name: say('Annuleren', 'Cancel') }).click();
    await expect(page.getByText(say('Geannuleerd', 'Cancelled')).first()).toBeVisible();
    expect((await owner.get<{ items: unknown[] }>('/alerts')).items).toHaveLength(1);
  },
);

test('a draft with all choices is kept, and sent later', async ({ signIn, api, organization, say }) => {
  await ready(await api('owner'), organization);
  const page = await signIn('manager', '/alert/more');
  await page.getByRole('radio', { name: 'Test' }).check();
  await page
    .getByRole('checkbox', { name: /^Kantoor \d/ })
    .first()
    .check();
  await page.getByLabel(say('Onderwerp', 'Subject')).fill('Proef');
  await page.getByRole('textbox', { name: say('Tekst', 'Text'), exact: true }).fill('Dit is een proef');
  await page.getByRole('switch', { name: say('Tel tot genoeg mensen antwoorden', 'Count until enough answered') }).check();
  await page.getByRole('checkbox', { name: say('Een plan voor alleen dit alarm', 'A plan for this alert alone') }).check();
  await expect(page.getByText(/bekende mensen|known people/)).toBeVisible();
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Bewaar als concept', 'Keep as a draft') }).click();
  await page.getByRole('link', { name: /Proef/ }).click();
  await page.getByRole('link', { name: say('Wijzigen', 'Change'), exact: true }).click();
  await expect(page.getByRole('heading', { name: say('Concept wijzigen', 'Change a draft') })).toBeVisible();
  await expect(page.getByLabel(say('Onderwerp', 'Subject'))).toHaveValue('TEST: Proef');
  await page.getByRole('textbox', { name: say('Tekst', 'Text'), exact: true }).fill('Dit is nog steeds een proef');
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Concept opslaan', 'Save the draft') }).click();
  await expect(page.getByText('Dit is nog steeds een proef')).toBeVisible();
  await page.goto('/alert');
  await page.goto('/alert/more');
  await expect(page.getByRole('heading', { name: say('Alarm: alle keuzes', 'Alert: all choices') })).toBeVisible();
  await expect(page.getByLabel(say('Onderwerp', 'Subject'))).toHaveValue('');
  await page.goto('/alerts?show=drafts');
  await page.getByRole('link', { name: /Proef/ }).click();
  await page.getByRole('button', { name: say('Begin met aftellen', 'Start the countdown') }).click();
  await expect(page.getByRole('timer')).toBeVisible();
  await page.getByRole('button', { name: say('Annuleren', 'Cancel') }).click();
  await expect(page.getByText(say('Geannuleerd', 'Cancelled')).first()).toBeVisible();
});

test.describe('on a desk', () => {
  test.use({ only: { form: 'desk' } });

  test('an area is drawn around where people are', async ({ signIn, api, organization, ping, context, say }) => {
    test.setTimeout(90_000);
    await ready(await api('owner'), organization);
    await ping(inside);
    await context.grantPermissions(['geolocation']);
    await context.setGeolocation({ ...inside, accuracy: 10 });
    const page = await signIn('sender', '/alert/area');
    await page.getByRole('button', { name: say('Rondom mij', 'Around me') }).click();
    const use = page.getByRole('button', { name: say('Gebruik dit gebied', 'Use this area') });
    await expect(use).toBeEnabled({ timeout: 20_000 });
    await axe(page);
    await fits(page);
    await use.click();
    await expect(page.getByText(say('Aan: het getekende gebied', 'To: the drawn area'))).toBeVisible();
    await expect(page.getByText(say('1 van 1 bekende mensen', '1 of 1 known people'))).toBeVisible();
  });
});

test('a rule of minimum staffing is made, changed and taken out of use', async ({ signIn, api, organization, say }) => {
  await ready(await api('owner'), organization);
  const page = await signIn('manager', '/staffing');
  await page.getByRole('button', { name: say('Nieuwe regel', 'New rule') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(say('Naam', 'Name')).fill('BHV op kantoor');
  await dialog.getByLabel(say('Van deze groep', 'Of this group')).selectOption({ label: 'Kantoor' });
  await dialog.getByLabel(say('Binnen deze geofence', 'Inside this geofence')).selectOption({ label: 'Kantoor Kade' });
  await dialog.getByLabel(say('Waarschuw deze groep', 'Warn this group')).selectOption({ label: 'Kantoor' });
  await axe(page);
  await fits(page);
  await dialog.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  const row = page.getByRole('row').filter({ hasText: 'BHV op kantoor' });
  await expect(row).toContainText(say('minstens 3 mensen in Kantoor Kade', 'at least 3 people in Kantoor Kade'));
  await axe(page);
  await fits(page);
  await row.getByRole('button', { name: say('BHV op kantoor wijzigen', 'Change BHV op kantoor') }).click();
  await page.getByRole('menuitem', { name: say('Wijzigen', 'Change') }).click();
  await dialog.getByLabel(say('Minstens', 'At least')).fill('2');
  await dialog.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await expect(row).toContainText(say('minstens 2 mensen', 'at least 2 people'));
  await row.getByRole('button', { name: say('BHV op kantoor wijzigen', 'Change BHV op kantoor') }).click();
  await page.getByRole('menuitem', { name: say('Buiten gebruik stellen', 'Take out of use') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Buiten gebruik stellen', 'Take out of use') })
    .click();
  await expect(row).toHaveCount(0);
});

const CAP = `<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>NL-2026-1</identifier><sender>meldkamer@example.org</sender><sent>2026-06-03T11:59:00-00:00</sent>
<status>Exercise</status><msgType>Alert</msgType><scope>Public</scope><info><language>nl-NL</language><category>Fire</category>
<event>Rook</event><urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty><headline>Rook boven de haven</headline>
<description>Sluit ramen en deuren.</description><area><areaDesc>Kade</areaDesc><circle>52.2508,6.1557 0.3</circle></area></info></alert>`;

test('a CAP message becomes a draft that nobody was told of; one that is none is refused in words', async ({
  signIn,
  api,
  organization,
  say,
}) => {
  await ready(await api('owner'), organization);
  const page = await signIn('sender', '/alerts?show=drafts');
  const file = (text: string) => ({ name: 'alert.xml', mimeType: 'text/xml', buffer: Buffer.from(text) });
  const take = page.getByLabel(say('Overnemen uit CAP', 'Take from CAP'));
  await take.setInputFiles(file('<alert'));
  await expect(page.getByRole('alert')).toBeVisible();
  await axe(page);
  await take.setInputFiles(file(CAP));
  await expect(page.getByRole('heading', { level: 1, name: 'Rook boven de haven' })).toBeVisible();
  await expect(page.getByText(say('Dit is een concept.', 'This is a draft.'))).toBeVisible();
  await expect(page.getByText(say('Oefening', 'Exercise'), { exact: true })).toBeVisible();
  await axe(page);
  await fits(page);
  await page
    .getByRole('link', { name: say('Alarmen', 'Alerts') })
    .first()
    .click();
  await expect(page.getByText(say('Uit CAP', 'From CAP'), { exact: true })).toBeVisible();
});

test('a group by rule is made, and says when what it names is out of use', async ({ signIn, api, organization, say }) => {
  const owner = await api('owner');
  await ready(owner, organization);
  const { id, name } = (await owner.get<{ items: { id: string; name: string }[] }>('/fences')).items[0]!;
  const page = await signIn('owner', '/groups');
  await page.getByRole('button', { name: say('Groep op regel', 'Group by rule') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(say('Naam', 'Name')).fill('Hulp in de buurt');
  await dialog.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await expect(dialog.getByText(say('Kies er minstens één.', 'Choose at least one.'))).toBeVisible();
  await dialog.getByRole('checkbox', { name: new RegExp(`^${name}`) }).check();
  await dialog
    .getByRole('checkbox', { name: /^(BHV|Emergency)/ })
    .first()
    .check();
  await axe(page);
  await fits(page);
  await dialog.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await expect(page.getByRole('heading', { name: 'Hulp in de buurt' })).toBeVisible();
  await expect(page.getByText(say(`nu binnen ${name}`, `inside ${name} now`))).toBeVisible();
  await expect(page.getByText(say('Een deel van deze regel is buiten gebruik', 'Part of this rule is out of use'))).toHaveCount(0);
  const { csrf_token } = (await (await page.request.get('/api/v1/csrf-token')).json()) as { csrf_token: string };
  const etag = (await page.request.get(`/api/v1/fences/${id}`)).headers()['etag'] ?? '';
  const retired = await page.request.post(`/api/v1/fences/${id}/retire`, { headers: { 'X-CSRF-Token': csrf_token, 'If-Match': etag } });
  expect(retired.ok()).toBe(true);
  await page.reload();
  await expect(page.getByText(say(`De geofence ${name} is buiten gebruik`, `The geofence ${name} is out of use`))).toBeVisible();
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Regel wijzigen', 'Change the rule') }).click();
  await expect(page.getByRole('dialog').getByRole('checkbox', { name: /^(BHV|Emergency)/ })).toBeChecked();
});
