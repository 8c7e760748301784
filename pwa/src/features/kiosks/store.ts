import { signal } from '@preact/signals';
import { answer, api, everyPage, tagged, type components } from '../../api';
import { may } from '../../app/session';

export type Site = components['schemas']['SiteOut'];
export type Device = components['schemas']['DeviceOut'];

export const sites = signal<readonly Site[] | null>(null);
export const devices = signal<readonly Device[]>([]);
export const rules = signal<{ asks_pin: boolean; etag: string } | null>(null);
export const failure = signal<unknown>(null);

/** Everything that the screen of kiosks shows. */
export async function load(): Promise<void> {
  failure.value = null;
  try {
    const [found, all, asked] = await Promise.all([
      everyPage((cursor) => answer(api.GET('/api/v1/sites', { params: { query: { ...(cursor && { cursor }) } } }))),
      everyPage((cursor) => answer(api.GET('/api/v1/devices', { params: { query: { ...(cursor && { cursor }) } } }))),
      tagged(api.GET('/api/v1/organization/kiosk')),
    ]);
    sites.value = found;
    devices.value = all.filter((device) => device.kind === 'kiosk');
    rules.value = { ...asked.value, etag: asked.etag };
  } catch (error) {
    failure.value = error;
  }
}

export const mayChangeRules = () => may('organization.edit', 'all');

/** Whether kiosks ask a PIN, from now on. Throws `Failure`. */
export async function askPin(asks_pin: boolean): Promise<void> {
  const before = rules.peek();
  if (!before) return;
  const options = { body: { asks_pin }, params: { header: { 'If-Match': before.etag } } };
  const { value, etag } = await tagged(api.PUT('/api/v1/organization/kiosk', options));
  rules.value = { ...value, etag };
}
