/** What the screens of attendance ask beside the workdays themselves. */
import { answer, api, everyPage, type components } from '../../api';
import { serverTime_ms } from '../../offline/clock';
import { snapshot } from '../../offline/snapshot';
import { clockedInSince, type PersonDays, questionsOf, type Workday } from '../../workday';

export type Approval = components['schemas']['ApprovalOut'];
export type ApprovalIn = components['schemas']['ApprovalIn'];
export type Missing = components['schemas']['MissingOut'];
type Group = components['schemas']['GroupOut'];

const WAIT_MS = 1_000;
const BACK_DAYS = 62;

export const groups = () =>
  snapshot<Group[]>('groups', async () => ({
    value: await everyPage((cursor) => answer(api.GET('/api/v1/groups', { params: { query: { limit: 200, ...(cursor && { cursor }) } } }))),
  }));

/** Clock-ins of the last two months that nobody answered for, the newest first. */
export const missing = () =>
  snapshot<Missing[]>('punches/missing', async () => {
    const now = serverTime_ms();
    const period = { since: new Date(now - BACK_DAYS * 86_400_000).toISOString(), until: new Date(now + 60_000).toISOString() };
    const page = (cursor: string | undefined) => ({ params: { query: { ...period, limit: 200, ...(cursor && { cursor }) } } });
    return { value: await everyPage((cursor) => answer(api.GET('/api/v1/punches/missing', page(cursor)))) };
  });

/** Ask for the approval and follow it until it is done; `tell` gets every count on the way. Throws `Failure`. */
export async function approve(body: ApprovalIn, tell: (approval: Approval) => void, signal: AbortSignal): Promise<void> {
  let approval = await answer(api.POST('/api/v1/approvals', { body }));
  tell(approval);
  while (approval.status === 'running' && !signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    approval = await answer(api.GET('/api/v1/approvals/{approval_id}', { params: { path: { approval_id: approval.id } } }));
    tell(approval);
  }
}

export interface Totals {
  worked_ms: number;
  days: number;
  approved: number;
  questions: number;
}

/** What somebody's days of a period come to. Pure. */
export function totalsOf(days: readonly Workday[]): Totals {
  return {
    worked_ms: days.reduce((sum, day) => sum + day.worked_ms, 0),
    days: days.length,
    approved: days.filter((day) => day.status === 'approved').length,
    questions: days.reduce((sum, day) => sum + questionsOf(day).length, 0),
  };
}

export type Which = '' | 'here' | 'questions' | 'open';

/** Those in whose name the text is found and of whom there is something to show. Pure. */
export function shownOf(people: readonly PersonDays[], { text, which }: { text: string; which: Which }): PersonDays[] {
  const wanted = text.trim().toLocaleLowerCase();
  const has: Record<Which, (day: Workday) => boolean> = {
    '': () => true,
    here: (day) => day.is_open || clockedInSince(day) !== null,
    questions: (day) => questionsOf(day).length > 0,
    open: (day) => day.status === 'open',
  };
  return people.filter((person) => person.days.some(has[which]) && person.name.toLocaleLowerCase().includes(wanted));
}
