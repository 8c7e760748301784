import type { Locator } from '@playwright/test';
import { axe, expect, fits, test, type Page } from './harness/index.ts';

interface Fence {
  id: string;
  name: string;
  version: number;
  radius_m: number | null;
  geometry: { type: string; coordinates: number[][][] };
}
type Say = (dutch: string, english: string) => string;

const FIRST = 52.2508;

/** The map with all fences in sight: only then presses land where they are meant to. */
async function mapOf(page: Page, say: Say): Promise<Locator> {
  await expect(page.getByRole('button', { name: say('Alles tonen', 'Show everything') })).toBeVisible({ timeout: 30_000 });
  const map = page.locator('.map');
  await map.scrollIntoViewIfNeeded();
  return map;
}

/** Press the map at these parts of its width and height. */
async function press(map: Locator, ...places: [number, number][]): Promise<void> {
  const box = (await map.boundingBox())!;
  for (const [x, y] of places) {
    await map.page().mouse.click(box.x + x * box.width, box.y + y * box.height);
    await map.page().waitForFunction(() => new Promise((done) => requestAnimationFrame(done)));
  }
}

const corners = (page: Page, say: Say) =>
  page.getByRole('button', { name: new RegExp(`^${say('Hoekpunt', 'Corner')} \\d`) }).and(page.locator('.handle'));
const save = (page: Page, say: Say) => page.getByRole('button', { name: say('Opslaan', 'Save'), exact: true }).click();
const name = (page: Page, say: Say) => page.getByRole('textbox', { name: say('Naam', 'Name') });

async function tabTo(page: Page, goal: Locator): Promise<void> {
  for (let nth = 0; nth < 80; nth++) {
    if (await goal.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${goal}`);
}

test.describe('geofences', () => {
  test('a manager finds a geofence in list and map, and reads what holds and why', async ({ signIn, say }) => {
    const page = await signIn('manager', '/geofences');
    await mapOf(page, say);
    await expect(page.getByRole('link', { name: 'Kantoor Kade' })).toBeVisible();
    await axe(page);
    await fits(page);
    await page.getByRole('searchbox').fill('laad');
    await expect(page.getByRole('link', { name: 'Kantoor Kade' })).toBeHidden();
    await page.getByRole('link', { name: 'Laadplein' }).click();
    await expect(page.getByRole('heading', { name: 'Laadplein', level: 1 })).toBeVisible();
    await expect(page.getByText(say('Stilte is nooit afwezigheid', 'Silence is never absence'))).toBeVisible();
    await expect(page.getByText(say('getekend door Olga Eigenaar', 'drawn by Olga Eigenaar'))).toBeVisible();
    await axe(page);
    await fits(page);
  });

  test('a polygon is drawn with the mouse, a corner dragged, the drag taken back, and saved', async ({ signIn, say, api }) => {
    const page = await signIn('manager', '/geofences/new');
    const map = await mapOf(page, say);
    await press(map, [0.3, 0.65], [0.6, 0.65], [0.6, 0.85], [0.3, 0.85]);
    await expect(corners(page, say)).toHaveCount(4);
    await press(map, [0.3, 0.65]);
    await expect(page.getByRole('button', { name: say('Hoekpunten toevoegen', 'Add corners') })).toBeVisible();
    await expect(page.getByText(/(Oppervlakte|Area) [\d.,]+ (m²|km²)/).first()).toBeVisible();

    const second = corners(page, say).nth(1);
    const before = await second.getAttribute('aria-label');
    const { x, y, width, height } = (await second.boundingBox())!;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 20, y + height / 2 + 10, { steps: 4 });
    await page.mouse.up();
    await expect(second).not.toHaveAttribute('aria-label', before!);
    await page.keyboard.press('Control+z');
    await expect(second).toHaveAttribute('aria-label', before!);
    await axe(page);
    await fits(page);

    await save(page, say);
    await expect(page.getByText(say('Geef hem een naam', 'Give it a name'))).toBeVisible();
    await name(page, say).fill('Opslag Zuid');
    await save(page, say);
    await expect(page.getByRole('heading', { name: 'Opslag Zuid', level: 1 })).toBeVisible();
    const { items } = await (await api('manager')).get<{ items: Fence[] }>('/fences');
    const made = items.find((fence) => fence.name === 'Opslag Zuid')!;
    const fence = await (await api('manager')).get<Fence>(`/fences/${made.id}`);
    expect(fence.geometry.type).toBe('Polygon');
    expect(fence.geometry.coordinates[0]).toHaveLength(5);
  });

  test('a circle is made by numbers alone, says what it meets, and stays a circle', async ({ signIn, say, api }) => {
    const page = await signIn('manager', '/geofences/new');
    await mapOf(page, say);
    await page.getByRole('radio', { name: say('Cirkel', 'Circle') }).check();
    await page.getByText(say('Coördinaten', 'Coordinates'), { exact: true }).click();
    await page.getByLabel(say('Midden van de cirkel', 'Middle of the circle')).fill(`${FIRST}, 6.1557`);
    await page.keyboard.press('Enter');
    const radius = page.getByRole('textbox', { name: say('Straal', 'Radius') });
    await radius.fill('veel');
    await radius.press('Enter');
    await expect(page.getByText(say('Een straal is een getal in meters', 'A radius is a number of metres'))).toBeVisible();
    await radius.fill('400');
    await radius.press('Enter');
    await expect(page.getByText(say('Bedekt Kantoor Kade helemaal', 'Covers Kantoor Kade wholly'))).toBeVisible();
    await axe(page);
    await fits(page);
    await name(page, say).fill('Ruime kring');
    await save(page, say);
    await expect(page.getByRole('heading', { name: 'Ruime kring', level: 1 })).toBeVisible();
    const { items } = await (await api('manager')).get<{ items: Fence[] }>('/fences');
    const fence = await (await api('manager')).get<Fence>(`/fences/${items.find((one) => one.name === 'Ruime kring')!.id}`);
    expect([fence.radius_m, fence.geometry.type]).toEqual([400, 'Point']);
  });

  test.describe('with the keyboard alone', () => {
    test.use({ only: { form: 'desk' } });
    test('a geofence is drawn, a corner moved and another one removed', async ({ signIn, say }) => {
      const page = await signIn('manager', '/geofences/new');
      await mapOf(page, say);
      const canvas = page.locator('canvas.maplibregl-canvas');
      await tabTo(page, canvas);
      for (const key of ['Enter', 'ArrowRight', 'Enter', 'ArrowDown', 'Enter', 'ArrowLeft', 'Enter', 'ArrowUp', 'ArrowUp', 'Enter']) {
        await page.keyboard.press(key);
        await page.waitForFunction(() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => done(true)), 50)));
      }
      await expect(corners(page, say)).toHaveCount(5);
      await page.keyboard.press('Backspace');
      await expect(corners(page, say)).toHaveCount(4);
      await page.keyboard.press('Escape');
      const last = corners(page, say).nth(3);
      await tabTo(page, last);
      const before = await last.getAttribute('aria-label');
      await page.keyboard.press('Shift+ArrowDown');
      await expect(last).not.toHaveAttribute('aria-label', before!);
      await expect(last).toBeFocused();
      await page.keyboard.press('PageUp');
      await expect(corners(page, say).nth(2)).toBeFocused();
      await page.keyboard.press('Delete');
      await expect(corners(page, say)).toHaveCount(3);
      await page.keyboard.press('Control+z');
      await expect(corners(page, say)).toHaveCount(4);
      await tabTo(page, name(page, say));
      await page.keyboard.type('Met toetsen');
      await tabTo(page, page.getByRole('button', { name: say('Opslaan', 'Save'), exact: true }));
      await page.keyboard.press('Enter');
      await expect(page.getByRole('heading', { name: 'Met toetsen', level: 1 })).toBeVisible();
    });
  });

  test('a border that crosses itself is refused in words before it is sent', async ({ signIn, say }) => {
    const page = await signIn('manager', '/geofences/new');
    await mapOf(page, say);
    await page.getByRole('button', { name: say('Meer manieren om te tekenen', 'More ways to draw') }).click();
    await page.getByRole('menuitem', { name: say('Een vorm plakken', 'Paste a shape') }).click();
    await page.getByLabel('GeoJSON').fill('POINT (6 52)');
    await page.getByRole('button', { name: say('Deze vorm gebruiken', 'Use this shape') }).click();
    await expect(page.getByText(say('Dit is een punt of een lijn', 'This is a point or a line'))).toBeVisible();
    await axe(page);
    await page.getByLabel('GeoJSON').fill('POLYGON ((6.15 52.24, 6.16 52.25, 6.16 52.24, 6.15 52.25, 6.15 52.24))');
    await page.getByRole('button', { name: say('Deze vorm gebruiken', 'Use this shape') }).click();
    await expect(page.getByText(say('kruist of raakt zichzelf', 'crosses or touches itself'))).toBeVisible();
    await name(page, say).fill('Strik');
    await save(page, say);
    await expect(page.getByRole('alert').filter({ hasText: say('kruist of raakt', 'crosses or touches') })).toBeVisible();
    await expect(page).toHaveURL(/\/geofences\/new$/);
  });

  test('a file is looked at on the map and in a list before anything is made', async ({ signIn, say, api }) => {
    const page = await signIn('manager', '/geofences/import');
    const ring = [
      [6.15, 52.245],
      [6.155, 52.245],
      [6.155, 52.248],
      [6.15, 52.248],
      [6.15, 52.245],
    ];
    const feature = (title: string, geometry: object) => ({ type: 'Feature', properties: { name: title }, geometry });
    const features = [
      feature('Magazijn', { type: 'Polygon', coordinates: [ring] }),
      feature('Strik', { type: 'Polygon', coordinates: [[ring[0], ring[2], ring[1], ring[3], ring[0]]] }),
      feature('Punt', { type: 'Point', coordinates: [6.15, 52.24] }),
    ];
    await page.setInputFiles('input[type=file]', {
      name: 'kaart.geojson',
      mimeType: 'application/geo+json',
      buffer: Buffer.from(JSON.stringify({ type: 'FeatureCollection', features })),
    });
    await expect(page.getByRole('heading', { name: say('3 vormen in kaart.geojson', '3 shapes in kaart.geojson') })).toBeVisible();
    await mapOf(page, say);
    await expect(page.getByText(say('Een punt heeft een straal nodig', 'A point needs a radius'))).toBeVisible();
    await axe(page);
    await fits(page);
    expect((await (await api('manager')).get<{ items: Fence[] }>('/fences')).items).toHaveLength(2);
    await page.getByLabel(say('"Strik" hersteld maken', 'Make "Strik" as repaired')).check();
    await page.getByRole('button', { name: say('2 geofences maken', 'Make 2 geofences') }).click();
    await expect(page.getByRole('link', { name: 'Magazijn' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Strik' })).toBeVisible();
  });

  test('somebody was faster: both versions are shown, and mine is saved when I say so', async ({ signIn, say, api, organization }) => {
    const id = organization.fences['square']!;
    const page = await signIn('manager', `/geofences/${id}/edit`);
    await mapOf(page, say);
    const owner = await api('owner');
    const { name: _, ...now } = await owner.get<Fence & Record<string, unknown>>(`/fences/${id}`);
    const kept = { geometry: now.geometry, radius_m: now.radius_m, site_id: now['site_id'] };
    await owner.put(`/fences/${id}`, { ...kept, name: 'Laadplein van Olga' });
    await name(page, say).fill('Laadplein van Mark');
    await save(page, say);
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText(say('Olga Eigenaar heeft', 'Olga Eigenaar saved'))).toBeVisible();
    await expect(dialog.getByRole('cell', { name: 'Laadplein van Olga' })).toBeVisible();
    await expect(dialog.getByRole('cell', { name: 'Laadplein van Mark' })).toBeVisible();
    await axe(page);
    await dialog.getByRole('button', { name: say('Die van mij als volgende versie opslaan', 'Save mine as the next version') }).click();
    await expect(page.getByRole('heading', { name: 'Laadplein van Mark', level: 1 })).toBeVisible();
    expect(await owner.get<Fence>(`/fences/${id}`)).toMatchObject({ name: 'Laadplein van Mark', version: 3 });
  });

  test(
    'without a network a drawing is kept, goes on after a reload, and arrives once',
    { tag: '@offline' },
    async ({ signIn, say, api, context }) => {
      test.slow();
      const page = await signIn('manager', '/geofences');
      await mapOf(page, say);
      await page.getByRole('link', { name: say('Geofence tekenen', 'Draw a geofence') }).click();
      await expect(page.getByRole('heading', { name: say('Geofence tekenen', 'Draw a geofence') })).toBeVisible();
      await mapOf(page, say);
      await name(page, say).fill('In de polder');
      await page.getByRole('radio', { name: say('Cirkel', 'Circle') }).check();
      await page.getByText(say('Coördinaten', 'Coordinates'), { exact: true }).click();
      await page.getByLabel(say('Midden van de cirkel', 'Middle of the circle')).fill('52.26, 6.17');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('textbox', { name: say('Straal', 'Radius') })).toHaveValue('100');
      await expect(page.getByText(say('wordt op dit apparaat bewaard', 'is kept on this device'))).toBeVisible();
      await page.reload();
      await expect(page.getByText(say('Dit gaat verder met wat je', 'This goes on with what you did not save'))).toBeVisible();
      await expect(name(page, say)).toHaveValue('In de polder');
      await axe(page);

      await context.setOffline(true);
      await save(page, say);
      await expect(page.getByText(say('In de polder staat op dit apparaat', 'In de polder is kept on this device'))).toBeVisible({
        timeout: 20_000,
      });
      await expect(page.getByRole('link', { name: say('Nieuw: In de polder', 'New: In de polder') })).toBeVisible();
      await context.setOffline(false);
      const manager = await api('manager');
      const names = async () => (await manager.get<{ items: Fence[] }>('/fences')).items.map((fence) => fence.name);
      await expect.poll(names, { timeout: 30_000 }).toContain('In de polder');
      expect((await names()).filter((one) => one === 'In de polder')).toHaveLength(1);
    },
  );

  test(
    'a change made without a network comes too late: it waits until somebody chooses',
    { tag: '@offline' },
    async ({ signIn, say, api, organization, context }) => {
      test.slow();
      const id = organization.fences['square']!;
      const page = await signIn('manager', '/geofences');
      await mapOf(page, say);
      await page.getByRole('link', { name: 'Laadplein' }).click();
      await page.getByRole('link', { name: say('Wijzigen', 'Change') }).click();
      await expect(page.getByRole('heading', { name: say('Laadplein wijzigen', 'Change Laadplein') })).toBeVisible();
      await mapOf(page, say);
      await context.setOffline(true);
      await name(page, say).fill('Laadplein van Mark');
      await save(page, say);
      await expect(page.getByRole('link', { name: say('Wijziging: Laadplein van Mark', 'Change: Laadplein van Mark') })).toBeVisible();
      const owner = await api('owner');
      const now = await owner.get<Fence & Record<string, unknown>>(`/fences/${id}`);
      await owner.put(`/fences/${id}`, { geometry: now.geometry, radius_m: null, site_id: now['site_id'], name: 'Laadplein van Olga' });
      await context.setOffline(false);
      await expect(page.getByText(say('Een wijziging kon niet worden opgeslagen', 'A change could not be saved'))).toBeVisible({
        timeout: 30_000,
      });
      await page.getByRole('link', { name: say('Wijziging: Laadplein van Mark', 'Change: Laadplein van Mark') }).click();
      const dialog = page.getByRole('dialog');
      await expect(dialog.getByRole('cell', { name: 'Laadplein van Mark' })).toBeVisible();
      await dialog.getByRole('button', { name: say('Die van hen laten, de mijne weg', 'Leave theirs, drop mine') }).click();
      await expect(page.getByRole('heading', { name: 'Laadplein van Olga', level: 1 })).toBeVisible();
      expect(await owner.get<Fence>(`/fences/${id}`)).toMatchObject({ name: 'Laadplein van Olga', version: 2 });
      await page.getByRole('link', { name: 'Geofences' }).first().click();
      await expect(page.getByText(say('Een wijziging kon niet', 'A change could not'))).toBeHidden();
    },
  );

  test('a geofence is retired, and taken back at once', async ({ signIn, say, organization }) => {
    const page = await signIn('manager', `/geofences/${organization.fences['circle']}`);
    await page.getByRole('button', { name: say('Buiten gebruik stellen', 'Retire') }).click();
    await expect(page.getByText(say('Kantoor Kade is buiten gebruik.', 'Kantoor Kade is retired.'))).toBeVisible();
    await expect(page.getByText(say('Buiten gebruik sinds', 'Retired since'))).toBeVisible();
    await page.getByRole('button', { name: say('Ongedaan maken', 'Undo') }).click();
    await expect(page.getByText(say('Kantoor Kade is weer in gebruik.', 'Kantoor Kade is in use again.'))).toBeVisible();
    await expect(page.getByRole('button', { name: say('Buiten gebruik stellen', 'Retire') })).toBeVisible();
    await expect(page.getByText(say('weer in gebruik genomen door', 'taken back into use by'))).toBeVisible();
  });
});
