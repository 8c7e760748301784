/** What the composer and the list of alerts ask of the server, and how an alert is handed over. */
import { computed } from '@preact/signals';
import { alerts, type AlertIn, readSettings } from '../../api/alerts';
import { readTemplate, templates } from '../../api/messaging';
import type { Template } from '../../api/messaging-types';
import { navigate } from '../../app/router';
import { write } from '../../offline/outbox';
import { snapshot } from '../../offline/snapshot';
import { draft, fresh } from './draft';

/** All templates in use with their texts: an alert must be readable before it is sent, without a network too. */
export const prepared = () =>
  snapshot<Template[]>('alerts/templates', async () => {
    const lines = await templates(false);
    return { value: await Promise.all(lines.map(async (line) => (await readTemplate(line.id)).value)) };
  });

/** How the organization sends; not everybody may read it, then nothing is known. */
const settings = () => snapshot('alerts/settings', async () => ({ value: await readSettings() }));
export const countdown_s = computed(() => settings().value.value?.countdown_s ?? null);
export const openSettings = () => void settings().open();

const PATIENCE_MS = 1_500;
/** Whether it goes out at once, without a countdown; the answer is waited for a moment. Not known: the server counts down as it always does. */
export async function isAtOnce(): Promise<boolean> {
  if (countdown_s.peek() === null) await Promise.race([settings().refresh(), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
  return countdown_s.peek() === 0;
}

export const listOf = (cursor?: string) => alerts({}, cursor);

/** Hand it over and go to where it counts down. The composer begins anew. */
export async function hand(body: AlertIn, { asDraft = false } = {}): Promise<void> {
  const { key } = await write(asDraft ? 'alert_draft' : 'alert', { ...body, ...(asDraft && { draft: true }) });
  draft.value = fresh;
  navigate(asDraft ? '/alerts?show=drafts' : `/alerts/${key}`);
}
