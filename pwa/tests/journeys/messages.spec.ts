import type { Page } from '@playwright/test';
import type { Api } from './harness/api.ts';
import { axe, expect, fits, type Organization, test, textsTo } from './harness/index.ts';

/** Numbers of one's own: other journeys ask the same provider what arrived. */
const number = () => `+3165${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;

/** Messages are on; the colleague and the employee have a telephone. */
async function ready(owner: Api, organization: Organization): Promise<{ colleague: string; employee: string }> {
  await owner.put('/organization/modules', { modules: ['attendance', 'geofence', 'messages', 'alerts'] });
  const numbers = { colleague: number(), employee: number() };
  for (const who of ['colleague', 'employee'] as const) {
    const { person_id, name } = organization.people[who];
    await owner.put(`/people/${person_id}`, { name, telephone: numbers[who], site_id: organization.site_id });
  }
  return numbers;
}

const toTheOffice = (organization: Organization, more: object = {}) => ({
  id: crypto.randomUUID(),
  texts: { nl: { subject: 'Overleg', body: 'Het overleg begint om tien uur.' } },
  target: { group: organization.group_id },
  channels: ['sms', 'email'],
  ...more,
});

const written = (page: Page) => page.locator('textarea').first();

test('a sender sees whom a message reaches and what it costs before it goes, and what became of it after', async ({
  signIn,
  api,
  house,
  organization,
  say,
}) => {
  test.setTimeout(120_000);
  const numbers = await ready(await api('owner'), organization);
  const page = await signIn('sender', '/messages');
  await expect(page.getByRole('heading', { name: say('Nog geen berichten', 'No messages yet') })).toBeVisible();
  await axe(page);
  await page.getByRole('link', { name: say('Bericht schrijven', 'Write a message') }).click();
  await page.getByRole('button', { name: say('Versturen ...', 'Send ...') }).click();
  await expect(page.getByText(say('Kies voor wie het is.', 'Choose who it is for.')).first()).toBeVisible();
  await axe(page);
  await fits(page);

  await page
    .getByRole('checkbox', { name: /^Kantoor \d/ })
    .first()
    .check();
  await page.getByLabel(say('Onderwerp', 'Subject')).fill('Reünie');
  await written(page).fill('De reünie gaat door, om vier uur in de hal, en neem gerust collega’s van de andere locatie mee.');
  await expect(page.getByText(say('in plaats van', 'instead of'))).toBeVisible();
  await page.getByRole('button', { name: say('Schrijf het eenvoudig', 'Write it plainly') }).click();
  await expect(written(page)).toHaveValue(/De reünie gaat door, .* collega's/);
  await expect(page.getByText(say('2 sms’en samen', '2 SMS in all'))).toBeVisible();
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Versturen ...', 'Send ...') }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(say('niet te bereiken', 'cannot be reached'))).toBeVisible();
  await axe(page);
  await dialog.getByRole('button', { name: say('Versturen naar 2 mensen', 'Send to 2 people') }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'Reünie' })).toBeVisible();
  await expect.poll(() => textsTo(house, numbers.colleague), { timeout: 30_000 }).toHaveLength(1);
  expect((await textsTo(house, numbers.colleague))[0]).toContain('De reünie gaat door');
  await expect(page.getByRole('row', { name: 'Cas Collega' }).getByText(say('Overgedragen', 'Handed over'))).toBeVisible({
    timeout: 20_000,
  });
  await expect(page.getByRole('row', { name: 'Rob Receptie' }).getByText(say('Niet verstuurd', 'Not sent'))).toBeVisible();
  await axe(page);
  await fits(page);

  await page.goto(`/messages?number=${encodeURIComponent(numbers.employee)}`);
  await expect(page.getByRole('link', { name: 'Reünie' })).toBeVisible();
  await axe(page);
  await fits(page);
  await page.goto(`/messages?number=${encodeURIComponent(number())}`);
  await expect(page.getByRole('heading', { name: say('Geen berichten gevonden', 'No messages found') })).toBeVisible();
});

test(
  'a message written without a network goes once, as soon as there is one',
  { tag: '@offline' },
  async ({ signIn, api, context, organization, say }) => {
    test.setTimeout(120_000);
    await ready(await api('owner'), organization);
    const page = await signIn('sender', '/messages/new');
    await page
      .getByRole('checkbox', { name: /^Kantoor \d/ })
      .first()
      .check();
    await written(page).fill('Wie kan vanavond invallen?');
    await expect(page.getByText(say('wordt op dit apparaat bewaard', 'is kept on this device'))).toBeVisible();
    await page.reload();
    await expect(page.getByText(say('Je gaat verder met het bericht', 'You go on with the message'))).toBeVisible();
    await expect(written(page)).toHaveValue('Wie kan vanavond invallen?');
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.goto('/messages');
    await page.goto('/messages/new');
    await expect(written(page)).toHaveValue('Wie kan vanavond invallen?');

    await context.setOffline(true);
    await written(page).fill('Wie kan vanavond invallen? Bel me.');
    await page.getByRole('button', { name: say('Versturen ...', 'Send ...') }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: say('Versturen zodra er een netwerk is', 'Send when there is a network') })
      .click();
    await expect(page.getByText(say('nog niet bij de server', 'has not reached the server'))).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText(say('nog niet bij de server', 'has not reached the server'))).toHaveCount(0, { timeout: 30_000 });
    const { items } = await (await api('sender')).get<{ items: { subject: string }[] }>('/messages');
    expect(items).toHaveLength(1);
  },
);

test(
  'one press answers a message, also without a network, with the time of the press; the sender reads it',
  { tag: '@offline' },
  async ({ signIn, another, api, context, organization, say }) => {
    test.setTimeout(120_000);
    await ready(await api('owner'), organization);
    const sender = await api('sender');
    const sent = toTheOffice(organization, { asks_reply: true });
    await sender.post('/messages', sent);
    await expect.poll(async () => (await sender.get<{ stage: string }>(`/messages/${sent.id}`)).stage, { timeout: 30_000 }).toBe('ended');
    const page = await signIn('employee', '/inbox');
    await expect(page.getByText(say('1 ongelezen bericht', '1 unread message'))).toBeVisible();
    await expect(page.getByText(say('Vraagt om antwoord', 'Asks for an answer'))).toBeVisible();
    await axe(page);
    await fits(page);
    await page.getByRole('link', { name: 'Overleg' }).click();
    await expect(page.getByText('Het overleg begint om tien uur.')).toBeVisible();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await page.getByLabel(say('Iets erbij', 'Something to add')).fill('In de hal');
    await page.getByRole('button', { name: say('Ik heb hulp nodig', 'I need help') }).click();
    await expect(
      page.getByText(say('Het wordt verstuurd zodra er een netwerk is', 'It is sent as soon as there is a network')),
    ).toBeVisible();
    await axe(page);
    await context.setOffline(false);
    await expect(page.getByText(say('Heeft hulp nodig, ', 'Needs help, '))).toBeVisible({ timeout: 30_000 });
    await axe(page);
    await fits(page);
    await page.goto('/inbox');
    await expect(page.getByText(say('Alles gelezen', 'Everything read'))).toBeVisible();

    const desk = await another('sender', '/replies');
    const line = desk.getByRole('listitem').filter({ hasText: 'Emma Jansen' });
    await expect(line).toContainText('In de hal');
    await axe(desk);
    await fits(desk);
    await line.getByRole('button').click();
    await expect(line.getByText(say('Nieuw', 'New'), { exact: true })).toHaveCount(0);
    await desk.getByRole('radio', { name: say('Onbekende afzenders', 'Unknown senders') }).check();
    await expect(desk.getByRole('heading', { name: say('Geen antwoorden van onbekende', 'No answers from unknown') })).toBeVisible();
  },
);

test('the address book says how people can be reached; somebody wants no ordinary messages, and none is sent', async ({
  signIn,
  api,
  organization,
  say,
}) => {
  await ready(await api('owner'), organization);
  const page = await signIn('manager', '/contacts');
  await expect(page.getByRole('row', { name: 'Cas Collega' }).getByText(say('Sms', 'SMS'))).toBeAttached();
  await axe(page);
  await fits(page);
  await page.getByLabel(say('Te bereiken per', 'Can be reached by')).selectOption('none');
  await expect(page.getByRole('row', { name: 'Cas Collega' })).toHaveCount(0);
  await page.getByLabel(say('Te bereiken per', 'Can be reached by')).selectOption('');
  await page.getByRole('searchbox').fill('cas');
  await expect(page.getByRole('row', { name: 'Emma Jansen' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Cas Collega' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Cas Collega' })).toBeVisible();

  await page.getByRole('radio', { name: say('Eigen volgorde', 'Own order') }).check();
  await page.getByRole('button', { name: say('Sms eerder', 'SMS earlier') }).click();
  await expect(page.getByRole('checkbox', { name: say('1. Sms', '1. SMS') })).toBeChecked();
  await page.getByRole('checkbox', { name: say('Stille uren', 'Quiet hours') }).check();
  await page.getByRole('checkbox', { name: say('Wil geen gewone berichten', 'Wants no ordinary messages') }).check();
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await expect(page.getByText(say('door een manager', 'by a manager'))).toBeVisible();
  await page.reload();
  await expect(page.getByRole('checkbox', { name: say('1. Sms', '1. SMS') })).toBeChecked();

  await page.getByRole('link', { name: say('Bericht schrijven', 'Write a message') }).click();
  await written(page).fill('Dag Cas');
  await page.getByText(say('1 persoon niet te bereiken', '1 person cannot be reached')).click();
  await expect(page.getByText(say('wil geen gewone berichten', 'does not want ordinary messages'))).toBeVisible();
  await page.getByRole('button', { name: say('Versturen ...', 'Send ...') }).click();
  await expect(page.getByRole('dialog').getByRole('button', { name: say('Versturen naar', 'Send to') })).toBeDisabled();
});

test('a template is written, used with its fields, changed into a second version, and retired', async ({
  signIn,
  api,
  organization,
  say,
}) => {
  test.setTimeout(120_000);
  await ready(await api('owner'), organization);
  const page = await signIn('sender', '/messages/templates');
  await expect(page.getByRole('heading', { name: say('Nog geen sjablonen', 'No templates yet') })).toBeVisible();
  await axe(page);
  await page.getByRole('link', { name: say('Nieuw sjabloon', 'New template') }).click();
  await page.getByLabel(say('Naam', 'Name')).fill('Ontruiming');
  await page.getByLabel(say('Onderwerp', 'Subject')).fill('Ontruiming');
  await written(page).fill('Verlaat {plaats} nu.');
  await expect(page.getByText(say('Velden: plaats.', 'Fields: plaats.'))).toBeVisible();
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await page.getByRole('link', { name: 'Ontruiming' }).click();

  await page.getByRole('link', { name: say('Schrijf hiermee', 'Write with it') }).click();
  await page
    .getByRole('checkbox', { name: /^Kantoor \d/ })
    .first()
    .check();
  await expect(page.getByText(say('Vul de velden van het sjabloon in.', 'Fill in the fields of the template.'))).toBeVisible();
  await page.getByLabel('plaats').fill('het magazijn');
  await expect(page.getByText('Verlaat het magazijn nu.')).toBeVisible();
  await expect(page.getByText(say('2 sms’en samen', '2 SMS in all'))).toBeVisible();
  await axe(page);
  await fits(page);

  await page.goto('/messages/templates');
  await page.getByRole('link', { name: 'Ontruiming' }).click();
  await written(page).fill('Verlaat {plaats} nu en verzamel buiten.');
  await page.getByRole('button', { name: say('Opslaan als nieuwe versie', 'Save as a new version') }).click();
  await expect(page.getByText(say('Versie 2', 'Version 2'))).toBeVisible();
  await page.getByText(say('Versie 1', 'Version 1')).click();
  await expect(page.getByText('Verlaat {plaats} nu.', { exact: true })).toBeVisible();
  await axe(page);
  await page.getByRole('button', { name: say('Uit gebruik nemen', 'Retire') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Uit gebruik nemen', 'Retire') })
    .click();
  await expect(page.getByRole('button', { name: say('Terugzetten', 'Take back') })).toBeVisible();
  await page.goto('/messages/templates?which=retired');
  await expect(page.getByRole('link', { name: 'Ontruiming' })).toBeVisible();
});

test(
  'what notifications do is told before the browser asks; a push is shown once, in its words; a browser can be removed',
  { tag: '@browser' },
  async ({ signIn, api, context, house, organization, say, watch }) => {
    watch.allow(/Push API in incognito/);
    await ready(await api('owner'), organization);
    const page = await signIn('employee', '/account/reach');
    await expect(page.getByRole('button', { name: say('Meldingen aanzetten', 'Turn on notifications') })).toBeVisible();
    await expect(page.getByText(say('Je browser vraagt zo', 'Your browser asks next'))).toBeVisible();
    await axe(page);
    await fits(page);

    const devtools = await context.newCDPSession(page);
    await context.grantPermissions(['notifications'], { origin: house.url });
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    const registrationId = await new Promise<string>((found) => {
      devtools.on(
        'ServiceWorker.workerRegistrationUpdated',
        ({ registrations }) => registrations[0] && found(registrations[0].registrationId),
      );
      void devtools.send('ServiceWorker.enable');
    });
    const tag = crypto.randomUUID();
    const push = (title: string) =>
      devtools.send('ServiceWorker.deliverPushMessage', {
        origin: house.url,
        registrationId,
        data: JSON.stringify({ title, body: 'Verlaat het pand', locale: 'nl', tag }),
      });
    const shown = () =>
      page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        return (await registration.getNotifications()).map(({ title, body, lang, tag: mark, data }) => ({ title, body, lang, mark, data }));
      });
    await push('Brand');
    await expect.poll(shown).toEqual([{ title: 'Brand', body: 'Verlaat het pand', lang: 'nl', mark: tag, data: { url: `/inbox/${tag}` } }]);
    await push('Brand: alles veilig');
    await expect.poll(async () => (await shown()).map(({ title }) => title)).toEqual(['Brand: alles veilig']);

    // No push service answers here: it is said, and nothing looks as if it were on.
    await page.getByRole('button', { name: say('Meldingen aanzetten', 'Turn on notifications') }).click();
    await expect(page.getByRole('alert')).toContainText(say('De pushdienst van deze browser', 'The push service of this browser'), {
      timeout: 30_000,
    });

    const [worker] = context.serviceWorkers();
    await worker?.evaluate(
      `registration.getNotifications().then(([notification]) => dispatchEvent(new NotificationEvent('notificationclick', { notification })))`,
    );
    await expect(page).toHaveURL(new RegExp(`/inbox/${tag}$`));
    await expect(page.getByText(say('Dit bericht is hier niet', 'This message is not here'))).toBeVisible();
    expect(await shown()).toEqual([]);
    await page.goto('/account/reach');

    const key = {
      p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    };
    await (
      await api('employee')
    ).post('/me/push-subscriptions', { endpoint: 'https://fcm.googleapis.com/fcm/send/x', ...key, browser: 'Chrome, Android' });
    await page.reload();
    const row = page.getByRole('row', { name: 'Chrome, Android' });
    await expect(row).toBeVisible();
    await axe(page);
    await fits(page);
    await row.getByRole('button').click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: say('Verwijderen', 'Remove') })
      .click();
    await expect(row).toHaveCount(0);
  },
);

test('an owner says how messages are sent; who only sends sees it; people come from a vCard', async ({
  signIn,
  another,
  api,
  organization,
  say,
}) => {
  await ready(await api('owner'), organization);
  const page = await signIn('owner', '/messages');
  await page.getByRole('link', { name: say('Hoe we versturen', 'How we send') }).click();
  await page.getByLabel(say('Afzendernaam van sms', 'Sender name of SMS')).fill('IJssel!');
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await expect(page.getByLabel(say('Afzendernaam van sms', 'Sender name of SMS'))).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel(say('Afzendernaam van sms', 'Sender name of SMS')).fill('IJsselzicht');
  await page.getByRole('checkbox', { name: say('Een tweede persoon', 'A second person') }).check();
  await page.getByRole('button', { name: say('Opslaan', 'Save') }).click();
  await expect(page.getByText(say('Opgeslagen.', 'Saved.'))).toBeVisible();
  const reader = await another('sender', '/messages/settings');
  await expect(reader.getByText('IJsselzicht', { exact: true })).toBeVisible();
  await axe(reader);

  await page.goto('/contacts');
  await page.getByRole('link', { name: say('Importeren', 'Import') }).click();
  const card = ['BEGIN:VCARD', 'VERSION:3.0', 'FN:Vera Vcard', 'TEL;TYPE=CELL:+31650000001', 'EMAIL:vera@example.org', 'END:VCARD', ''];
  const file = { name: 'contacten.vcf', mimeType: 'text/vcard', buffer: Buffer.from(card.join('\r\n')) };
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByRole('button', { name: say('1 persoon toevoegen', 'Add 1 person') }).click();
  await expect(page.getByRole('heading', { level: 1, name: say('Mensen', 'People') })).toBeVisible();
  await page.goto('/contacts?q=vera');
  await expect(page.getByRole('row', { name: 'Vera Vcard' })).toContainText('+31650000001');
});

test('a test goes to oneself alone, marked as a test; a planned message is cancelled before anybody gets it', async ({
  signIn,
  api,
  house,
  organization,
  say,
}) => {
  test.setTimeout(120_000);
  const owner = await api('owner');
  await ready(owner, organization);
  const mine = number();
  const { person_id, name } = organization.people.sender;
  await owner.put(`/people/${person_id}`, { name, telephone: mine, site_id: organization.site_id });
  const page = await signIn('sender', `/messages/new?group=${organization.group_id}`);
  await written(page).fill('Morgen is er taart.');
  await page.getByRole('button', { name: say('Stuur een test naar mezelf', 'Send a test to myself') }).click();
  await expect(page.getByText(say('Er is een test naar je onderweg', 'A test is on its way to you'))).toBeVisible();
  await expect.poll(() => textsTo(house, mine), { timeout: 30_000 }).toHaveLength(1);
  expect((await textsTo(house, mine))[0]).toContain('TEST');
  // What is told goes by itself; while it covers a button, that cannot be pressed.
  await expect(page.getByText(say('Er is een test naar je onderweg', 'A test is on its way to you'))).toHaveCount(0);

  await page.getByRole('radio', { name: 'Later' }).check();
  await page.getByLabel(say('Dag', 'Day'), { exact: true }).fill(new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10));
  await page.getByLabel(say('Tijd', 'Time'), { exact: true }).fill('09:30');
  await page.getByRole('checkbox', { name: say('waar de locatie van de ontvanger is', 'where the recipient’s site is') }).check();
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Versturen ...', 'Send ...') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Plannen voor 3 mensen', 'Plan for 3 people') })
    .click();
  await expect(page.getByText(say('op de klok waar de locatie', 'by the clock where'))).toBeVisible();
  await page.getByRole('button', { name: say('Intrekken', 'Take it back') }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Intrekken', 'Take it back') })
    .click();
  await expect(page.getByText(say('Geannuleerd', 'Cancelled'), { exact: true })).toBeVisible();
  await axe(page);
});
