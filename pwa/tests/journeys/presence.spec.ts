import { axe, expect, fits, inside, outside, test } from './harness/index.ts';

test('a manager sees who comes in and goes, without loading anything again', async ({ signIn, ping, say }) => {
  const page = await signIn('manager', '/presence');
  await expect(page.getByRole('heading', { level: 1, name: say('Aanwezig', 'Presence') })).toBeVisible();
  await expect(
    page.getByRole('heading', { name: say('Van niemand is bekend dat die er is', 'Nobody is known to be on site') }),
  ).toBeVisible();
  await expect(page.getByText('Live')).toBeVisible();
  await ping(inside);
  const row = page.getByRole('listitem').filter({ hasText: 'Cas Collega' });
  await expect(row).toContainText(say('binnen sinds', 'inside since'));
  await expect(page.getByRole('button', { name: /Kantoor Kade/ })).toContainText(say('1 binnen', '1 inside'));
  await axe(page);
  await fits(page);
  await page.getByRole('searchbox').fill('zzz');
  await expect(page.getByRole('heading', { name: say('Niemand gevonden', 'Nobody found') })).toBeVisible();
  await page.getByRole('button', { name: say('Toon iedereen', 'Show everyone') }).click();
  await expect(row).toBeVisible();
});

test('somebody who left is not shown any more, and it is said aloud', async ({ signIn, ping, say }) => {
  await ping(inside, { seconds_ago: 900 });
  const page = await signIn('manager', '/presence');
  const row = page.getByRole('listitem').filter({ hasText: 'Cas Collega' });
  await expect(row).toBeVisible();
  await expect(page.getByText('Live')).toBeVisible();
  await ping(outside, { seconds_ago: 600 });
  await ping(outside, { seconds_ago: 300 });
  await expect(row).toHaveCount(0);
  await expect(page.getByText(say('Cas Collega ging weg uit Kantoor Kade.', 'Cas Collega left Kantoor Kade.'))).toBeAttached();
});

test(
  'without a network the last known state stays, and says how old it is',
  { tag: '@offline' },
  async ({ signIn, ping, context, say, watch }) => {
    watch.allow(/ERR_INTERNET_DISCONNECTED|Failed to fetch|Worker failed to load|stream/);
    await ping(inside);
    const page = await signIn('manager', '/presence');
    const row = page.getByRole('listitem').filter({ hasText: 'Cas Collega' });
    await expect(row).toBeVisible();
    await context.setOffline(true);
    await page.evaluate(() => dispatchEvent(new Event('offline')));
    await expect(page.getByText(say('Je bent offline.', 'You are offline.'))).toBeVisible();
    await expect(row).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText('Live')).toBeVisible({ timeout: 15_000 });
  },
);
