/**
 * The person's own switch, and the phone that speaks for them.
 * 1. Turning it on: the notice of this version was read, this browser becomes a phone (`enrolThis`), and that phone is chosen.
 * 2. Turning it off is written to the outbox and holds here at once, whatever the network says.
 */
import { answer, api, type components, tagged } from '../../api';
import { me } from '../../app/session';
import { language } from '../../i18n';
import { startSharing, stopSharing } from '../../location/sharing';
import { deviceToken, forgetDeviceToken, keepDeviceToken, presentOwner } from '../../offline/owner';
import { entries, verdict, write } from '../../offline/outbox';
import { keep, kept, snapshot } from '../../offline/snapshot';
import { persist } from '../../offline/storage';

type Schemas = components['schemas'];
export type Switch = Schemas['SwitchOut'];
export type Setup = Schemas['SetupOut'];
export type Companion = 'owntracks' | 'traccar';

const DEVICE = 'sharing/device';
const PATIENCE_MS = 6_000;

export const mySwitch = () => snapshot('me/switch', () => tagged(api.GET('/api/v1/me/switch')));
export const notice = () =>
  snapshot(`notice/${language.value}`, async () => ({
    value: await answer(api.GET('/api/v1/privacy/notice', { params: { query: { locale: language.value } } })),
  }));
export const phones = () =>
  snapshot('me/phones', async () => {
    const { items } = await answer(api.GET('/api/v1/devices', { params: { query: { limit: 50 } } }));
    return { value: items.filter((device) => device.kind === 'phone' && device.person_id === me.peek()?.person_id) };
  });

/** This browser, as the server knows it: its device id; null when it was never enrolled for this person. */
export async function thisDevice(): Promise<string | null> {
  const owner = presentOwner();
  return owner !== null && (await deviceToken(owner)) !== null ? await kept<string>(DEVICE) : null;
}

async function enrolled(name: string, client: 'native' | Companion): Promise<Schemas['ActivatedOut']> {
  const { code } = await answer(api.POST('/api/v1/enrolments', { body: { name, client } }));
  return answer(api.POST('/api/v1/devices', { body: { code } }));
}

/** Make this browser a phone of the person. Throws `Failure`. */
export async function enrolThis(name: string): Promise<string> {
  const owner = presentOwner();
  if (owner === null) throw new Error('nobody to enrol for');
  const { device, token } = await enrolled(name, 'native');
  await keepDeviceToken(owner, token);
  await keep(DEVICE, device.id);
  void persist();
  return device.id;
}

/** A device for another app on a phone, and how that app is set up. Throws `Failure`. */
export async function enrolCompanion(name: string, client: Companion): Promise<{ device_id: string; setup: Setup }> {
  const { device, setup } = await enrolled(name, client);
  if (!setup) throw new Error('a companion app without a way to set it up');
  return { device_id: device.id, setup };
}

/** Let this phone speak for the person from now on. Throws `Failure`. */
export async function choose(device_id: string): Promise<void> {
  await answer(api.PUT('/api/v1/me/switch/device', { body: { device_id } }));
  await mySwitch().refresh();
}

/** Switch on, having read the notice of this version. `device_id`: the phone that is to speak for the person. Throws `Failure`. */
export async function switchOn(notice_version: string, device_id: string): Promise<void> {
  await answer(api.POST('/api/v1/me/switch/on', { body: { notice_version, locale: language.value } }));
  await choose(device_id);
}

/** Off, paused, or on again: kept on the device first, so that it holds without a network too. Resolves to whether the server has it already. */
export async function act(kind: 'switch_off' | 'switch_resume' | { pause_hours: number }): Promise<boolean> {
  const isPause = typeof kind === 'object';
  if (isPause || kind === 'switch_off') await stopSharing({ forget: true });
  const { key } = isPause ? await write('switch_pause', { hours: kind.pause_hours }) : await write(kind, {});
  const entry = await verdict(key, PATIENCE_MS);
  await mySwitch().refresh();
  await follow();
  return entry?.state === 'accepted';
}

/** What was done here and has not reached the server: it counts already. */
export function unsentState(): Switch['state'] | null {
  const last = entries.value
    .filter((entry) => entry.kind.startsWith('switch_') && ['waiting', 'sending', 'sign_in'].includes(entry.state))
    .at(-1);
  if (!last) return null;
  return last.kind === 'switch_off' ? 'off' : last.kind === 'switch_pause' ? 'paused' : 'on';
}

/** How the switch stands for this device now. */
export const stateNow = (): Switch['state'] | null => unsentState() ?? mySwitch().value.value?.state ?? null;

/** Begin or end to read positions, as the switch and the chosen phone have it. Called at the start and after every change. */
export async function follow(): Promise<void> {
  const { tracking_device_id: speaks = null, since = null } = mySwitch().value.peek() ?? {};
  const isMine = speaks !== null && speaks === (await thisDevice());
  if (stateNow() === 'on' && isMine) startSharing(since === null ? 0 : Date.parse(since));
  else await stopSharing({ forget: stateNow() === 'off' });
}

/** At the start of the app: nothing is asked for who never shared from this browser. */
export async function begin(): Promise<void> {
  if ((await thisDevice()) === null) return;
  await mySwitch().open();
  await follow();
}

/** This browser no longer speaks for the person. Throws `Failure`. */
export async function revoke(device_id: string): Promise<void> {
  await answer(api.DELETE('/api/v1/devices/{device_id}', { params: { path: { device_id } } }));
  const owner = presentOwner();
  if (owner !== null && device_id === (await kept<string>(DEVICE))) {
    await stopSharing({ forget: true });
    await forgetDeviceToken(owner);
  }
  await Promise.all([phones().refresh(), mySwitch().refresh()]);
}
