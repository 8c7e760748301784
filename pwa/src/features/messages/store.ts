/** Messages that were sent or wait to be: asked of the server, and what of them has not arrived there yet. */
import { readMessage } from '../../api/messaging';
import { entries, type Entry } from '../../offline/outbox';
import { snapshot } from '../../offline/snapshot';

export const message = (id: string) => snapshot(`messages/${id}`, () => readMessage(id));

/** Messages written on this device that the server has not accepted. */
export const unsent = (): Entry[] => entries.value.filter((entry) => entry.kind === 'message' && entry.state !== 'accepted');
