/** Visits as several screens ask for them, and what is said of them without waiting for the network. */
import { signal } from '@preact/signals';
import { dayList, type HostAnswer, myVisits, readVisit, type Visit, type VisitState, visitTypes } from '../../api/visits';
import { listen } from '../../live/stream';
import { entries, type Entry, StorageFull, whenAccepted, write } from '../../offline/outbox';
import { snapshot } from '../../offline/snapshot';

export const dayOfSite = (site_id: string, on: string) =>
  snapshot(`visits?${new URLSearchParams({ site_id, on })}`, async () => ({ value: await dayList(site_id, on) }));
export const mine = () => snapshot('visits/mine', async () => ({ value: await myVisits() }));
export const visit = (id: string) => snapshot(`visits/${id}`, () => readVisit(id));
export const types = () => snapshot('visit-types', async () => ({ value: await visitTypes() }));

const SAID = ['visit_arrival', 'visit_departure', 'visit_answer'] as const;
type Said = (typeof SAID)[number];

/** Nothing more can be kept on this device. */
export const isFull = signal(false);

async function say(kind: Said, of: Visit, body: { answer: HostAnswer } | Record<string, never> = {}): Promise<void> {
  try {
    await write(kind, body as { answer: HostAnswer }, { subject: of.id });
    isFull.value = false;
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
    isFull.value = true;
  }
}

export const arrive = (of: Visit) => say('visit_arrival', of);
export const leave = (of: Visit) => say('visit_departure', of);
export const answer = (of: Visit, said: HostAnswer) => say('visit_answer', of, { answer: said });

/** What was said here of a visit and is not with the server yet, or was refused. */
export const onItsWay = (of: Visit): Entry | undefined =>
  entries.value.findLast((one) => (SAID as readonly string[]).includes(one.kind) && one.subject === of.id && one.state !== 'accepted');

/** How a visit stands with what was said here. */
export function stateOf(of: Visit): VisitState {
  const entry = onItsWay(of);
  if (!entry || entry.state === 'refused' || entry.state === 'conflict') return of.state;
  if (entry.kind === 'visit_arrival') return 'on_site';
  return entry.kind === 'visit_departure' ? 'left_confirmed' : of.state;
}

/** Ask again whenever something is new. */
export function keepFresh(refresh: () => void): () => void {
  const stops = [listen({ kind: 'visit', onNews: refresh, onFresh: refresh }), whenAccepted(SAID, refresh)];
  return () => stops.forEach((stop) => stop());
}
