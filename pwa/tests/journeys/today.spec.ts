import { axe, expect, fits, test } from './harness/index.ts';

test('one tap clocks in, another clocks out, without location', async ({ signIn, api, say }) => {
  const page = await signIn('employee', '/today');
  await expect(page.getByText(say('Je bent niet ingeklokt', 'You are not clocked in'))).toBeVisible();
  await axe(page);
  await page.getByRole('button', { name: say('Inklokken', 'Clock in'), exact: true }).click();
  await expect(page.getByText(say('Ingeklokt om', 'Clocked in at'))).toBeVisible();
  await expect(page.getByText(say('Je bent ingeklokt', 'You are clocked in'))).toBeVisible();
  await fits(page);
  await page.getByRole('button', { name: say('Uitklokken', 'Clock out'), exact: true }).click();
  await expect(page.getByText(say('Je bent niet ingeklokt', 'You are not clocked in'))).toBeVisible();
  const now = Date.now();
  const around = `since=${new Date(now - 3_600_000).toISOString()}&until=${new Date(now + 60_000).toISOString()}`;
  const mine = await api('employee');
  const kinds = async () => (await mine.get<{ items: { kind: string }[] }>(`/punches?${around}`)).items.map(({ kind }) => kind);
  await expect.poll(kinds).toEqual(['out', 'in']); // it shows here first
});

test('a fix that comes along says which geofence; a refused one does not hinder clocking in', async ({ signIn, context, say }) => {
  const page = await signIn('employee', '/today');
  await page.getByRole('checkbox', { name: say('Stuur één keer mee waar ik ben', 'Send where I am, once') }).check();
  await context.clearPermissions();
  await page.getByRole('button', { name: say('Inklokken', 'Clock in'), exact: true }).click();
  await expect(page.getByText(say('Deze browser mag je locatie niet lezen', 'This browser may not read your location'))).toBeVisible();
  await axe(page);
  await page.getByRole('button', { name: say('Inklokken', 'Clock in'), exact: true }).click();
  await expect(page.getByText(say('Je bent ingeklokt', 'You are clocked in'))).toBeVisible();
});

test(
  'without a network a clock-in is kept, shown as waiting, and arrives once',
  { tag: '@offline' },
  async ({ signIn, context, api, say, watch }) => {
    watch.allow(/ERR_INTERNET_DISCONNECTED|Failed to fetch/);
    const page = await signIn('employee', '/today');
    await expect(page.getByText(say('Je bent niet ingeklokt', 'You are not clocked in'))).toBeVisible();
    await context.setOffline(true);
    await page.getByRole('button', { name: say('Inklokken', 'Clock in'), exact: true }).click();
    await expect(
      page.getByText(say('Nog niet verstuurd: dat gebeurt zodra er netwerk is.', 'Not sent yet: it goes as soon as there is a network.')),
    ).toBeVisible();
    await expect(page.getByText(say('Je bent ingeklokt', 'You are clocked in'))).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText(say('Nog niet verstuurd', 'Not sent yet'))).toHaveCount(0, { timeout: 20_000 });
    const now = Date.now();
    const period = `since=${new Date(now - 3_600_000).toISOString()}&until=${new Date(now + 60_000).toISOString()}`;
    const { items } = await (await api('employee')).get<{ items: { kind: string }[] }>(`/punches?${period}`);
    expect(items).toHaveLength(1);
  },
);
