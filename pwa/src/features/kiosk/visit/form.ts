/** What the site asks of visitors, kept sealed on the tablet so that people are received without a network too. */
import { signal } from '@preact/signals';
import { isFailure } from '../../../api/failure';
import { ask } from '../ask';
import { keep, kiosk, recall, tokenOfKiosk } from '../device';
import type { Form } from '../../../api/kiosk-visits-types';

const NAME = 'visits';

/** Null: not for visitors, or never heard. */
export const form = signal<Form | null>(null);

/** Whether this kiosk receives visitors. */
export const receives = (): boolean => kiosk.value?.modules?.includes('visitors') ?? false;

/** At the start: what was heard last. */
export async function recallForm(): Promise<void> {
  form.value = await recall<Form>(NAME).catch(() => null);
}

/** Ask anew. Never throws: without an answer the last one counts. */
export async function refreshForm(): Promise<void> {
  if (!receives()) {
    form.value = null;
    return;
  }
  try {
    const found = await ask<Form>(await tokenOfKiosk(), '/api/v1/kiosk/visits/form');
    form.value = found;
    await keep(NAME, found);
  } catch (error) {
    if (isFailure(error) && error.kind === 'refused') form.value = null;
  }
}
