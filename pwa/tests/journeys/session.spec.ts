import { axe, expect, fits, reloadOffline, test } from './harness/index.ts';

/** How many records the database of the device holds, and the mark of a session. */
async function kept() {
  const opened = indexedDB.open('muster');
  const db = await new Promise<IDBDatabase>((resolve) => (opened.onsuccess = () => resolve(opened.result)));
  const count = (store: string) =>
    new Promise<number>((resolve) => {
      const counted = db.transaction(store).objectStore(store).count();
      counted.onsuccess = () => resolve(counted.result);
    });
  const personal = [...db.objectStoreNames].filter((store) => store !== 'meta');
  const records = (await Promise.all(personal.map(count))).reduce((sum, some) => sum + some, 0);
  db.close();
  return { records, session: localStorage.getItem('session') };
}

test.describe('the session', () => {
  test('a session that ends in the middle of work asks for the password over the screen, and nothing typed is lost', async ({
    page,
    context,
    signIn,
    organization,
    say,
  }) => {
    await signIn('manager', '/account');
    const fresh = page.getByLabel(say('Je nieuwe wachtwoord', 'Your new password'));
    await page.getByLabel(say('Huidig wachtwoord', 'Present password')).fill(organization.people.manager.password);
    await fresh.fill('zeven zachte zebras zingen');
    await context.clearCookies();
    await page.getByRole('button', { name: say('Wachtwoord wijzigen', 'Change password') }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('heading', { name: say('Je sessie is afgelopen', 'Your session has ended') })).toBeVisible();
    await axe(page);
    await fits(page);
    await dialog.getByLabel(say('Wachtwoord', 'Password'), { exact: true }).fill('niet het goede');
    await dialog.getByRole('button', { name: say('Verder', 'Go on') }).click();
    await expect(dialog.getByRole('alert')).toBeVisible();
    await dialog.getByLabel(say('Wachtwoord', 'Password'), { exact: true }).fill(organization.people.manager.password);
    await dialog.getByRole('button', { name: say('Verder', 'Go on') }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText(say('Je wachtwoord is gewijzigd.', 'Your password is changed.'))).toBeVisible();
  });

  test('signing out leaves nothing on the device, and the way back leads to the sign-in screen', async ({ page, signIn, say }) => {
    await signIn('employee', '/account');
    await page.getByRole('button', { name: say('Uitloggen', 'Sign out') }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    await axe(page);
    await dialog.getByRole('button', { name: say('Uitloggen', 'Sign out') }).click();
    await expect(page.getByRole('heading', { name: say('Inloggen', 'Sign in') })).toBeVisible();
    expect(await page.evaluate(kept)).toEqual({ records: 0, session: null });
    await page.goBack();
    await expect(page.getByRole('heading', { name: say('Inloggen', 'Sign in') })).toBeVisible();
  });

  test(
    'the last screen opens without a network, and says that it is old',
    { tag: '@offline' },
    async ({ page, context, signIn, say, watch }) => {
      watch.allow(/ERR_INTERNET_DISCONNECTED|Failed to fetch/);
      await signIn('employee', '/account');
      await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
      await page.evaluate(async () => void (await navigator.serviceWorker.ready));
      await page.reload();
      await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
      await context.setOffline(true);
      await reloadOffline(page, say);
      await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
      await axe(page);
      await fits(page);
      await context.setOffline(false);
      await expect(page.getByText(say('Je bent offline.', 'You are offline.'))).toBeHidden();
    },
  );

  test('another browser can be signed out from here', async ({ page, signIn, another, say, organization }) => {
    const other = await another('manager', '/account');
    await expect(other.getByRole('heading', { name: 'Account' })).toBeVisible();
    await signIn('manager', '/account');
    await page
      .getByRole('button', { name: say('Beëindigen', 'End') })
      .first()
      .click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: say('Beëindigen', 'End') })
      .click();
    await expect(page.getByText(say('De sessie is beëindigd.', 'The session is ended.'))).toBeVisible();
    await other.reload();
    await expect(other.getByRole('heading', { name: say('Inloggen', 'Sign in') })).toBeVisible();
    await expect(other.getByText(organization.people.manager.name)).toHaveCount(0);
  });

  test('language and colours hold at once, and after a reload', async ({ page, signIn, as }) => {
    await signIn('employee', '/account');
    await page.getByRole('radio', { name: as.language === 'nl' ? 'English' : 'Nederlands' }).check({ force: true });
    const other = as.language === 'nl' ? 'en' : 'nl';
    await expect(page.locator('html')).toHaveAttribute('lang', other);
    await page.getByRole('radio', { name: other === 'nl' ? 'Donker' : 'Dark' }).check({ force: true });
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('lang', other);
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await axe(page);
  });
});
