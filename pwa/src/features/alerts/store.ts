/** What the composer and the list of alerts ask of the server, and how an alert is handed over. */
import { computed } from '@preact/signals';
import { act, alerts, type AlertIn, type AlertLine, editDraft, readDraft, readSettings } from '../../api/alerts';
import { readTemplate, templates } from '../../api/messaging';
import type { Template } from '../../api/messaging-types';
import { navigate } from '../../app/router';
import { write } from '../../offline/outbox';
import { snapshot } from '../../offline/snapshot';
import { confirm } from '../../ui';
import { serverTime_ms } from '../../offline/clock';
import { draft, draftOf, fresh, type Kept } from './draft';
import { t } from './words';

/** Where nothing counts down, the sender is asked once more. */
export async function isSure(): Promise<boolean> {
  const words = t().sendNow;
  return !(await isAtOnce()) || confirm({ title: words.title, text: words.text, action: words.action, danger: true });
}

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
async function isAtOnce(): Promise<boolean> {
  if (countdown_s.peek() === null) await Promise.race([settings().refresh(), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
  return countdown_s.peek() === 0;
}

export const listOf = (stage: AlertLine['stage'] | null) => (cursor?: string) => alerts(stage ? { stage } : {}, cursor);

/** Take up a draft of the server, as it stands now. Throws `Failure`. */
export async function takeUp(id: string): Promise<'draft' | 'gone on'> {
  const { value, etag } = await readDraft(id);
  if (value.stage !== 'draft') return 'gone on';
  draft.value = draftOf(value, etag, serverTime_ms());
  return 'draft';
}

/** Whoever comes to make a new alert changes no kept draft by mistake. */
export const beginAnew = () => {
  if (draft.peek().kept) draft.value = fresh;
};

/** Change a draft on the server and, if it is to go, send it. Not through the outbox: somebody else may have changed it. Throws `Failure`. */
export async function save(kept: Kept, body: AlertIn, { send }: { send: boolean }): Promise<void> {
  const { etag } = await editDraft(kept.id, body, kept.etag);
  draft.value = { ...draft.peek(), kept: { ...kept, etag } };
  if (send) await act(kept.id, 'activation');
  draft.value = fresh;
  navigate(`/alerts/${kept.id}`);
}

/** Hand it over and go to where it counts down. The composer begins anew. */
export async function hand(body: AlertIn, { asDraft = false } = {}): Promise<void> {
  const { key } = await write(asDraft ? 'alert_draft' : 'alert', { ...body, ...(asDraft && { draft: true }) });
  draft.value = fresh;
  navigate(asDraft ? '/alerts?show=drafts' : `/alerts/${key}`);
}
