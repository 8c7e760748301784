import { expect, test } from './harness/index.ts';
import type { Page } from '@playwright/test';

/** What was fetched before anything could be read, and is not named in the page itself: a slow network would be waited for twice. */
async function waitedForTwice(page: Page, path: string): Promise<string[]> {
  const html = (await (await page.goto(path))?.text()) ?? '';
  await expect(page.locator('h1')).toBeVisible();
  const fetched = await page.evaluate(async () => {
    const painted = await new Promise<number>((tell) => {
      const look = (list: PerformanceObserverEntryList) =>
        list.getEntriesByName('first-contentful-paint').forEach((paint) => tell(paint.startTime));
      new PerformanceObserver(look).observe({ type: 'paint', buffered: true });
    });
    const files = performance.getEntriesByType('resource').filter(({ startTime }) => startTime < painted);
    return files.map(({ name }) => new URL(name).pathname);
  });
  expect(fetched.filter((file) => file.endsWith('.js')).length).toBeGreaterThan(4);
  return fetched.filter((file) => !html.includes(`"${file}"`));
}

test('sign-in and the kiosk are in sight after one round to the server', async ({ page }) => {
  expect(await waitedForTwice(page, '/kiosk')).toEqual([]);
  expect(await waitedForTwice(page, '/')).toEqual([]);
});

test('Today can be read before the server has said how one stands, and does not move when it has', async ({ page, signIn, say }) => {
  await signIn('employee', '/icon.svg');
  let answer = () => {};
  const asked = new Promise<void>((go) => (answer = go));
  await page.route('**/api/v1/punches?*', async (route) => {
    await asked;
    await route.continue();
  });
  expect(await waitedForTwice(page, '/')).toEqual([]);
  const hint = page.getByText(say('Zonder kan ook altijd', 'You can always clock in without it'));
  await expect(hint).toBeVisible();
  await expect(page.getByRole('button', { name: say('Inklokken', 'Clock in'), exact: true })).toHaveCount(0);
  const place = await hint.boundingBox();
  answer();
  await expect(page.getByRole('button', { name: say('Inklokken', 'Clock in'), exact: true })).toBeVisible();
  expect(await hint.boundingBox()).toEqual(place);
});
