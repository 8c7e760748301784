/** Small reckonings of the board. Pure. */
import type { Alert, AlertRecipient } from '../../api/alerts';

/** Whole seconds until then, rounded up; zero when it is past or not known. */
export const secondsLeft = (due_at: string | null, now_ms: number): number =>
  due_at === null ? 0 : Math.max(0, Math.ceil((Date.parse(due_at) - now_ms) / 1000));

/** What the list of people may be narrowed to; the empty string: all of them. */
export const STATES = ['', 'need_help', 'silent', 'on_my_way', 'safe', 'failed', 'unknown', 'late', 'possibly'] as const;
export type State = (typeof STATES)[number];

export const stateOf = (text: string | null): State => STATES.find((state) => state === text) ?? '';

/** How many of the people are in a state. */
export function countIn({ tally }: Alert, state: State): number {
  if (state === '') return tally.people;
  if (state === 'need_help' || state === 'on_my_way' || state === 'safe') return tally.replies[state];
  return tally[state] ?? 0;
}

const RANK = { need_help: 0, silent: 1, on_my_way: 2, safe: 3 } as const;
const rank = ({ reply }: AlertRecipient) => RANK[reply ?? 'silent'];

/** Who needs help first, then who is silent; whoever answered last stands first among their like. */
export const urgentFirst = (people: readonly AlertRecipient[]): AlertRecipient[] =>
  people.toSorted((a, b) => rank(a) - rank(b) || (b.replied_at ?? '').localeCompare(a.replied_at ?? ''));

/** Nothing more happens to it. */
export const isOver = ({ stage }: Pick<Alert, 'stage'>): boolean =>
  stage === 'ended' || stage === 'cancelled' || stage === 'expired' || stage === 'refused';
