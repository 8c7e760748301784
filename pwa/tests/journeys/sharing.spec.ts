import { axe, expect, fits, inside, test } from './harness/index.ts';

test('somebody reads what is shared, opts in, is seen, and stops at once', async ({ signIn, another, context, say }) => {
  test.setTimeout(180_000);
  await context.grantPermissions(['geolocation']);
  await context.setGeolocation({ ...inside, accuracy: 10 });
  const page = await signIn('employee', '/sharing');
  await expect(page.getByRole('heading', { name: say('Voordat je het aanzet', 'Before you switch it on') })).toBeVisible();
  await axe(page);
  await fits(page);
  await page.getByRole('button', { name: say('Begrepen, deel vanaf deze telefoon', 'I understand, share from this phone') }).click();
  await expect(page.getByRole('heading', { name: say('Delen staat aan', 'Sharing is on') })).toBeVisible();
  await expect(page.getByText(say('Je positie wordt gelezen.', 'Your position is being read.'))).toBeVisible();
  const manager = await another('manager', '/presence');
  // A fix counts when it was made after sharing began, as far as the browser knows the server's clock; one that was set here keeps its time.
  await expect(async () => {
    await context.setGeolocation({ ...inside, accuracy: 12 });
    await expect(manager.getByRole('listitem').filter({ hasText: 'Emma Jansen' })).toBeVisible({ timeout: 4_000 });
  }).toPass({ timeout: 80_000 });
  await axe(page);
  await page.getByRole('button', { name: say('Stop met delen', 'Stop sharing') }).click();
  await expect(page.getByRole('heading', { name: say('Voordat je het aanzet', 'Before you switch it on') })).toBeVisible();
  await expect(page.getByText(say('Je positie wordt gelezen.', 'Your position is being read.'))).toHaveCount(0);
  await expect(manager.getByRole('listitem').filter({ hasText: 'Emma Jansen' })).toBeVisible();
});

test(
  'a pause holds, and ends with one tap; without a network off holds here already',
  { tag: '@offline' },
  async ({ signIn, context, say, watch }) => {
    watch.allow(/ERR_INTERNET_DISCONNECTED|Failed to fetch/);
    await context.grantPermissions(['geolocation']);
    await context.setGeolocation({ ...inside, accuracy: 10 });
    const page = await signIn('employee', '/sharing');
    await page.getByRole('button', { name: say('Begrepen, deel vanaf deze telefoon', 'I understand, share from this phone') }).click();
    await page.getByRole('button', { name: say('Pauzeer 4 uur', 'Pause 4 hours') }).click();
    await expect(page.getByRole('heading', { name: say('Delen staat op pauze', 'Sharing is paused') })).toBeVisible();
    await page.getByRole('button', { name: say('Nu weer delen', 'Share again now') }).click();
    await expect(page.getByRole('heading', { name: say('Delen staat aan', 'Sharing is on') })).toBeVisible();
    await context.setOffline(true);
    await page.getByRole('button', { name: say('Stop met delen', 'Stop sharing') }).click();
    await expect(page.getByText(say('Je positie wordt gelezen.', 'Your position is being read.'))).toHaveCount(0);
    await context.setOffline(false);
    await expect(page.getByRole('heading', { name: say('Voordat je het aanzet', 'Before you switch it on') })).toBeVisible({
      timeout: 20_000,
    });
  },
);

test('another app is set up by one link or code, shown once', async ({ signIn, say }) => {
  const page = await signIn('employee', '/sharing');
  await page.getByRole('button', { name: say('OwnTracks instellen', 'Set up OwnTracks') }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('img')).toBeVisible();
  await expect(dialog.getByRole('link', { name: 'Open OwnTracks' })).toHaveAttribute('href', /^owntracks:/);
  await axe(page);
  await dialog.getByRole('button', { name: say('Klaar', 'Done'), exact: true }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'OwnTracks' })).toBeVisible();
});
