/** A message leaves through the outbox: once, also when the button is pressed again or the network is gone. */
import { Failure } from '../../api';
import type { MessageIn } from '../../api/messaging';
import { discard, type Entry, verdict, write } from '../../offline/outbox';

const PATIENCE_MS = 10_000;
const OFFLINE_MS = 300;

/** The key of the write is the message's id. `arrived`: the server has it. Throws `Failure` when it was refused, and `StorageFull`. */
export async function sendMessage(body: MessageIn): Promise<{ id: string; arrived: boolean }> {
  const { key } = await write('message', body);
  const entry = await verdict(key, navigator.onLine ? PATIENCE_MS : OFFLINE_MS);
  if (entry && (entry.state === 'refused' || entry.state === 'conflict')) {
    await discard(key); // nothing was made of it: what is corrected is a new message
    throw refusal(entry);
  }
  return { id: key, arrived: entry === null || entry.state === 'accepted' };
}

function refusal({ problem }: Entry): Failure {
  if (!problem) return new Failure('broken');
  const { type, title = '', status = 422, detail = '', errors = [], request_id = '' } = problem;
  return new Failure('refused', {
    type,
    title,
    status,
    detail,
    errors: (errors ?? []).map((one) => ({ next_step: null, ...one })),
    request_id,
  } as Failure['problem']);
}
