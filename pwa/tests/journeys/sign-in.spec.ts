import { axe, expect, fits, test } from './harness/index.ts';

test('the server sends the app to whoever asks for any screen', async ({ page }) => {
  for (const path of ['/', '/people', '/fences/new']) {
    const answer = await page.goto(path);
    expect(answer?.status()).toBe(200);
    await expect(page).toHaveTitle(/Muster/);
  }
  await axe(page);
  await fits(page);
});
