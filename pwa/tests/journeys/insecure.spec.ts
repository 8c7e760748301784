import { axe, expect, fits, launch, test } from './harness/index.ts';

test('over plain http the app works as far as browsers let it, and says what will not', async ({
  house,
  organization,
  playwright,
  as,
  say,
}) => {
  // Every name but this machine's own is insecure without HTTPS.
  const browser = await playwright.chromium.launch({
    ...launch,
    args: [...launch.args, '--host-resolver-rules=MAP muster.test 127.0.0.1'],
  });
  const page = await browser.newPage({ locale: as.language, colorScheme: as.theme, reducedMotion: 'reduce' });
  const broken: string[] = [];
  page.on('pageerror', (error) => broken.push(error.message));
  await page.goto(house.url.replace('127.0.0.1', 'muster.test'));
  const warning = page.getByText(say('Dit adres heeft geen HTTPS', 'This address has no HTTPS'));
  await expect(warning).toBeVisible();
  await axe(page);
  await fits(page);
  await page.getByLabel(say('Inlognaam', 'Sign-in name')).fill(organization.people.manager.sign_in);
  await page.getByLabel(say('Wachtwoord', 'Password'), { exact: true }).fill(organization.people.manager.password);
  await page.getByRole('button', { name: say('Inloggen', 'Sign in') }).click();
  await expect(page.getByText(organization.people.manager.name).first()).toBeVisible();
  await expect(warning).toBeVisible();
  await browser.close();
  expect(broken).toEqual([]);
});
