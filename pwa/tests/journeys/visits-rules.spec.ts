/** Photos, doors and printers, what was deleted, and invitations from a file. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator, Page } from '@playwright/test';
import { axe, expect, fits, forgetVisits, test } from './harness/index.ts';

interface Made {
  id: string;
}

const row = (page: Page, name: string): Locator => page.getByRole('row', { name: new RegExp(name) });
const ask = (days: number) => ({ purpose: { nl: 'Voor de badge', en: 'For the badge' }, days, required: false });
const TYPE = { name: 'Bezoeker', keep_days: 5, fields: { company: ask(3), photo: ask(1) } };
/** One red point, as PNG. */
const PHOTO = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';

test.beforeEach(async ({ api }) => {
  await (await api('owner')).put('/organization/modules', { modules: ['attendance', 'geofence', 'visitors'] });
});

test(
  'the reception sees the photo of a visitor, and on which day it goes; nobody keeps it',
  { tag: '@offline' },
  async ({ signIn, another, api, say, organization, context, watch }) => {
    const owner = await api('owner');
    const type = (await owner.post('/visit-types', TYPE)) as Made;
    const host_id = organization.people.employee.person_id;
    const visit = (await owner.post('/visits', {
      site_id: organization.site_id,
      visit_type_id: type.id,
      name: 'Fia Foto',
      host_id,
      fields: { company: 'Acme', photo: PHOTO },
    })) as Made;
    const page = await signIn('reception', `/visits/${visit.id}`);
    const photo = page.getByRole('img', { name: say('Foto van Fia Foto', 'Photo of Fia Foto') });
    await expect(photo).toBeVisible();
    expect(await photo.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(0);
    await expect(page.getByText(say('Wordt gewist op', 'Deleted on'))).toHaveCount(3);
    await axe(page);
    await fits(page);
    const kept = await page.evaluate(async () => {
      const found = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
      return found.flat().filter(({ url }) => url.includes('/photo')).length;
    });
    expect(kept).toBe(0);
    const theirs = await another('employee', `/visits/${visit.id}`);
    await expect(theirs.getByText('Acme')).toBeVisible();
    await expect(theirs.getByRole('img', { name: /Fia Foto/ })).toHaveCount(0);
    watch.allow(/ERR_INTERNET_DISCONNECTED|Failed to load resource/);
    await page
      .getByRole('link', { name: say('Bezoekers', 'Visitors'), exact: true })
      .first()
      .click();
    await expect(row(page, 'Fia Foto')).toBeVisible();
    await context.setOffline(true);
    await page.getByRole('link', { name: 'Fia Foto' }).click();
    await expect(page.getByText(say('De foto is nu niet te zien', 'The photo cannot be shown'))).toBeVisible();
    await axe(page);
    await context.setOffline(false);
    await page.getByRole('button', { name: say('De foto opnieuw ophalen', 'Ask for the photo again') }).click();
    await expect(photo).toBeVisible();
  },
);

test('what is past its term is deleted, and the record says what, when, and when again', async ({
  signIn,
  api,
  say,
  organization,
  house,
}) => {
  const owner = await api('owner');
  const type = (await owner.post('/visit-types', TYPE)) as Made;
  const visit = { site_id: organization.site_id, visit_type_id: type.id, name: 'Willem Weg' };
  await owner.post('/visits', { ...visit, fields: { company: 'Acme', photo: PHOTO } });
  await forgetVisits(house, organization.id, 2);
  await forgetVisits(house, organization.id, 3);
  await forgetVisits(house, organization.id, 9);
  const page = await signIn('privacy_officer', '/visit-history');
  await page.getByRole('link', { name: say('Wat er gewist is', 'What was deleted') }).click();
  const said = page.getByRole('table', { name: say('Wat er gewist is', 'What was deleted') });
  await expect(said).toContainText(say('1 bezoek: Bezoeker 1', '1 visit: Bezoeker 1'));
  await expect(said).toContainText(say('1 gegeven: Foto 1', '1 detail: Photo 1'));
  await expect(said).toContainText(say('1 gegeven: Bedrijf 1', '1 detail: Company 1'));
  await expect(said).toContainText(say('Er was niets over zijn termijn', 'Nothing was over its term'));
  await expect(said).not.toContainText('Willem');
  await expect(page.getByText(say('Volgende keer', 'Next run'))).toBeVisible();
  await axe(page);
  await fits(page);
});

test(
  'a door is told of arrivals: its secret is shown once, a test says how it goes, what fails is said, and it can be taken away',
  { tag: '@offline' },
  async ({ signIn, api, say, organization, context, watch }) => {
    const door = await openDoor();
    try {
      const page = await signIn('owner', '/visit-setup');
      await page.getByRole('link', { name: say('Adressen inrichten', 'Set up addresses') }).click();
      await expect(
        page.getByRole('heading', { name: say('Nog niets hoort van aankomsten', 'Nothing is told of arrivals yet') }),
      ).toBeVisible();
      await axe(page);
      const add = say('Adres toevoegen', 'Add an address');
      await page.getByRole('button', { name: add }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(say('Naam', 'Name')).fill('Voordeur');
      await dialog.getByLabel(say('Adres', 'Address'), { exact: true }).fill(door.url);
      await dialog.getByRole('checkbox', { name: say('Vertrekken', 'Departures') }).uncheck();
      await dialog.getByRole('checkbox', { name: say('Aankomsten', 'Arrivals') }).uncheck();
      await dialog.getByRole('button', { name: add }).click();
      await expect(dialog.getByText(say('Kies minstens een', 'Choose one of the two'))).toBeVisible();
      await dialog.getByRole('checkbox', { name: say('Aankomsten', 'Arrivals') }).check();
      await axe(page);
      await fits(page);
      await dialog.getByRole('button', { name: add }).click();
      const field = dialog.getByLabel(say('Geheim', 'Secret'), { exact: true });
      await expect(field).toHaveText(/^[\w-]{43}$/);
      const secret = await field.innerText();
      await axe(page);
      await fits(page);
      await page.keyboard.press('Escape');
      await expect(field).toBeVisible();
      await dialog.getByRole('button', { name: say('Ik heb het bewaard', 'I have kept it') }).click();
      await expect(page.getByText(secret)).toHaveCount(0);

      const line = page.getByRole('listitem', { name: 'Voordeur' });
      await expect(line).toContainText(say('Nog niet gebruikt', 'Not used yet'));
      await line.getByRole('button', { name: say('Testen', 'Test') }).click();
      await expect(line).toContainText(say('De test is aangekomen', 'The test arrived'));
      await expect(line).toContainText(say('Werkt', 'Works'));
      const [test] = door.had;
      const [, seconds, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(test?.signature ?? '') ?? [];
      expect(mac).toBe(createHmac('sha256', secret).update(`${seconds}.${test?.id}.${test?.body}`).digest('hex'));
      await axe(page);
      await fits(page);

      door.says = 503;
      const owner = await api('owner');
      const type = (await owner.post('/visit-types', TYPE)) as Made;
      await owner.post('/visits', { site_id: organization.site_id, visit_type_id: type.id, name: 'Dirk Deur' });
      await expect.poll(() => door.had.length).toBeGreaterThan(1);
      await expect(async () => {
        await page.reload();
        await expect(line).toContainText(say('Mislukt, wordt herhaald', 'Fails, is tried again'), { timeout: 1_000 });
      }).toPass();
      await expect(line).toContainText(say('De andere kant antwoordde 503', 'The other side answered 503'));
      await axe(page);
      watch.allow(/ERR_INTERNET_DISCONNECTED|Failed to load resource/);
      await context.setOffline(true);
      await line.getByRole('button', { name: say('Testen', 'Test') }).click();
      await expect(line.getByRole('alert')).toBeVisible();
      await axe(page);
      await context.setOffline(false);
      await line.getByRole('button', { name: say('Pauzeren', 'Pause') }).click();
      await expect(line).toContainText(say('Gepauzeerd', 'Paused'));
      await axe(page);
      await fits(page);
      await line.getByRole('button', { name: say('Voordeur wijzigen', 'Change Voordeur') }).click();
      await dialog.getByLabel(say('Naam', 'Name')).fill('Achterdeur');
      await dialog.getByRole('button', { name: say('Opslaan', 'Save') }).click();
      const renamed = page.getByRole('listitem', { name: 'Achterdeur' });
      await renamed.getByRole('button', { name: say('Hervatten', 'Go on') }).click();
      await expect(renamed).not.toContainText(say('Gepauzeerd', 'Paused'));
      await renamed.getByRole('button', { name: say('Achterdeur verwijderen', 'Remove Achterdeur') }).click();
      await dialog.getByRole('button', { name: say('Verwijderen', 'Remove') }).click();
      await expect(
        page.getByRole('heading', { name: say('Nog niets hoort van aankomsten', 'Nothing is told of arrivals yet') }),
      ).toBeVisible();
    } finally {
      await door.close();
    }
  },
);

test('a host invites a group from a file as Excel writes it, once what is wrong in it is put right', async ({
  signIn,
  api,
  say,
  organization,
}) => {
  await (await api('owner')).post('/visit-types', TYPE);
  const page = await signIn('reception', '/visits/invite');
  const choose = page.getByLabel(say('Bestand kiezen', 'Choose a file'));
  const csv = (text: string) => ({ name: 'gasten.csv', mimeType: 'text/csv', buffer: Buffer.from(text, 'latin1') });
  await choose.setInputFiles({ name: 'gasten.xlsx', mimeType: 'application/zip', buffer: Buffer.from([0x50, 0x4b, 3, 4, 0, 0]) });
  await expect(page.getByText(say('Dit is geen tekst', 'This is no text'))).toBeVisible();
  const many = Array.from({ length: 201 }, (_, nth) => `Gast ${nth}`).join('\r\n');
  await choose.setInputFiles(csv(`Naam\r\n${many}`));
  await expect(page.getByText(say('Dit zijn 201 bezoekers', 'These are 201 visitors'))).toBeVisible();
  const send = page.getByRole('button', { name: say('Uitnodigen', 'Invite'), exact: true });
  await expect(send).toBeDisabled();
  await choose.setInputFiles(csv('Bedrijf;Naam;E-mail\r\nAcme;Zo\xeb de Wit;zoe@example.org\r\nAcme;Ren\xe9 B\xf6hm;rene@\r\n'));
  await page
    .getByRole('dialog')
    .getByRole('button', { name: say('Vervangen', 'Replace') })
    .click();
  await expect(page.getByText(say('niet in UTF-8', 'not in UTF-8'))).toBeVisible();
  await expect(
    page.getByText(say('Regel 3, kolom 3 (E-mail): ‘rene@’ is geen', 'Line 3, column 3 (E-mail): “rene@” is not')),
  ).toBeVisible();
  await expect(page.getByText(say('Niet gelezen: Bedrijf', 'Not read: Bedrijf'))).toBeVisible();
  await expect(send).toBeDisabled();
  await axe(page);
  await fits(page);
  const people = page.getByLabel(say('Bezoekers', 'Visitors'));
  await people.fill((await people.inputValue()).replace('rene@', 'rene@example.org'));
  await expect(row(page, 'René Böhm')).toContainText('rene@example.org');
  await page.getByLabel(say('Van', 'From'), { exact: true }).fill('00:00');
  await page.getByLabel(say('Tot', 'Until'), { exact: true }).fill('23:59');
  await axe(page);
  await fits(page);
  await send.click();
  await expect(row(page, 'Zoë de Wit')).toContainText(say('Verwacht', 'Expected'));
  await expect(row(page, 'René Böhm')).toBeVisible();
  const { items } = (await (await api('reception')).get(`/visits?site_id=${organization.site_id}`)) as { items: { name: string }[] };
  expect(items.map(({ name }) => name).toSorted()).toEqual(['René Böhm', 'Zoë de Wit']);
});

interface Posted {
  id: string;
  signature: string;
  body: string;
}

/** The other side of a webhook. */
async function openDoor(): Promise<{ url: string; says: number; had: Posted[]; close: () => Promise<void> }> {
  const had: Posted[] = [];
  const answer = async (request: IncomingMessage): Promise<number> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { 'muster-id': id, 'muster-signature': signature } = request.headers;
    had.push({ id: String(id), signature: String(signature), body: Buffer.concat(parts).toString() });
    return door.says;
  };
  const server: Server = createServer((request, response) => void answer(request).then((status) => response.writeHead(status).end()));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const door = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/muster`,
    says: 204,
    had,
    close: () => new Promise<void>((done) => void server.close(() => done())),
  };
  return door;
}
