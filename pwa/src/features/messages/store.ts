/** Messages that were sent or wait to be: asked of the server, and what of them has not arrived there yet. */
import { type MessageLine, readMessage } from '../../api/messaging';
import { messagingWords } from '../../messaging';
import { entries, type Entry } from '../../offline/outbox';
import { serverTime_ms } from '../../offline/clock';
import { snapshot } from '../../offline/snapshot';
import { t } from './words';

export const message = (id: string) => snapshot(`messages/${id}`, () => readMessage(id));

/** Messages written on this device that the server has not accepted. */
export const unsent = (): Entry[] => entries.value.filter((entry) => entry.kind === 'message' && entry.state !== 'accepted');

/** What is to go now is `scheduled` too, for the moment until it does. */
export const isPlanned = ({ stage, due_at }: MessageLine) =>
  stage === 'scheduled' && due_at !== null && Date.parse(due_at) > serverTime_ms();

/** How it stands, in words. */
export function stageOf(one: MessageLine): string {
  const stage = one.stage === 'scheduled' && !isPlanned(one) ? 'active' : one.stage;
  return (one.kind === 'message' ? t().stages[stage] : undefined) ?? messagingWords().stages[stage] ?? stage;
}
