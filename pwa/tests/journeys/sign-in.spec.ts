import { axe, expect, fits, test } from './harness/index.ts';

test.describe('signing in', () => {
  test('whoever is not signed in is asked to, on any screen, and goes on where they wanted to be', async ({ page, organization, say }) => {
    await page.goto('/account');
    await expect(page.getByRole('heading', { name: say('Inloggen', 'Sign in') })).toBeVisible();
    await axe(page);
    await fits(page);
    await page.getByLabel(say('Inlognaam', 'Sign-in name')).fill(organization.people.manager.sign_in);
    await page.getByLabel(say('Wachtwoord', 'Password'), { exact: true }).fill(organization.people.manager.password);
    await page.getByRole('button', { name: say('Inloggen', 'Sign in') }).click();
    await expect(page.getByText(organization.people.manager.name).first()).toBeVisible();
    await expect(page).toHaveURL(/\/account$/);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await axe(page);
    await fits(page);
  });

  test('a wrong password is told in words, and what was typed is still there', async ({ page, organization, say }) => {
    await page.goto('/');
    await page.getByLabel(say('Inlognaam', 'Sign-in name')).fill(organization.people.employee.sign_in);
    await page.getByLabel(say('Wachtwoord', 'Password'), { exact: true }).fill('niet het goede');
    await page.getByRole('button', { name: say('Inloggen', 'Sign in') }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(page.getByLabel(say('Inlognaam', 'Sign-in name'))).toHaveValue(organization.people.employee.sign_in);
    await axe(page);
  });

  test('a newcomer must choose a password of their own before anything else', async ({ page, organization, say, api }) => {
    const { newcomer } = organization.people;
    await page.goto('/');
    await page.getByLabel(say('Inlognaam', 'Sign-in name')).fill(newcomer.sign_in);
    await page.getByLabel(say('Wachtwoord', 'Password'), { exact: true }).fill(newcomer.password);
    await page.getByRole('button', { name: say('Inloggen', 'Sign in') }).click();
    await expect(page.getByRole('heading', { name: say('Kies je eigen wachtwoord', 'Choose your own password') })).toBeVisible();
    await axe(page);
    await fits(page);
    const fresh = 'zeven zachte zebras zingen';
    await page.getByLabel(say('Het eenmalige wachtwoord', 'The one-time password')).fill(newcomer.password);
    await page.getByLabel(say('Je nieuwe wachtwoord', 'Your new password')).fill(fresh);
    await page.getByRole('button', { name: say('Opslaan en verder', 'Save and go on') }).click();
    await expect(page.getByRole('navigation').first()).toBeVisible();
    const signedIn = await api({ ...newcomer, password: fresh });
    expect(await signedIn.get<{ must_change_password: boolean }>('/session')).toMatchObject({ must_change_password: false });
  });
});
