/** How a visit stands and what can be done about it, as several screens show it. */
import { useSignal } from '@preact/signals';
import { explain } from '../../api';
import { decide, type Visit, type VisitState } from '../../api/visits';
import { may } from '../../app/session';
import { formatTime } from '../../i18n';
import { Button, confirm, Notice, Status, toast, type Tone } from '../../ui';
import { LetIn, lacks } from './sign';
import { arrive, isFull, leave, onItsWay, stateOf } from './store';
import { t } from './words';

const TONES: Record<VisitState, Tone> = {
  waiting: 'warn',
  on_site: 'good',
  expected: 'info',
  left_assumed: 'warn',
  left_confirmed: 'neutral',
  refused: 'bad',
  cancelled: 'neutral',
};

export function Standing({ of }: { of: Visit }) {
  const words = t();
  const entry = onItsWay(of);
  const state = stateOf(of);
  const isRefused = entry?.state === 'refused' || entry?.state === 'conflict';
  const said = entry?.kind === 'visit_arrival' ? words.arrive : entry?.kind === 'visit_departure' ? words.leave : words.answer;
  return (
    <span class="stack tight visit-standing">
      <Status tone={TONES[state]}>{words.states[state]}</Status>
      {of.stopped && state === 'waiting' && <span class="small">{words.stopped}</span>}
      {lacks(of).length > 0 && (
        <span class="small">{words.sign.lacks(lacks(of).map((one) => words.sign.version(one.name, one.number)))}</span>
      )}
      {of.host_said && state !== 'left_confirmed' && <span class="muted small">{words.says[of.host_said]}</span>}
      {entry && (isRefused || entry.state !== 'sending') && (
        <a class="small" href="/outbox">
          {isRefused ? words.notAccepted(said) : words.waits(said)}
        </a>
      )}
    </span>
  );
}

/** When: since the arrival for whoever is here, otherwise as it was planned. */
export function times(of: Visit): string {
  const words = t();
  if (of.arrived_at && of.left_at) return words.until(formatTime(of.arrived_at), formatTime(of.left_at));
  if (of.arrived_at) return words.since(formatTime(of.arrived_at));
  return words.until(formatTime(of.expected_from), formatTime(of.expected_until));
}

export const Full = () => (isFull.value ? <Notice tone="bad">{t().full}</Notice> : null);

/** Let in or not, by whoever may; asked once more before a no. */
async function settle(of: Visit, how: 'approval' | 'refusal', done: () => void): Promise<void> {
  const words = t();
  const question = { title: words.refuseTitle(of.name), text: words.refuseText, action: words.refuse, danger: true };
  if (how === 'refusal' && !(await confirm(question))) return;
  try {
    await decide(of.id, how);
    toast(how === 'approval' ? words.letInDone(of.name) : words.refused(of.name));
  } catch (error) {
    const { title, next } = explain(error);
    toast(`${title}. ${next}`);
  }
  done();
}

/** The next step of a visit. */
export function Steps({ of, onDone }: { of: Visit; onDone: () => void }) {
  const words = t();
  const state = stateOf(of);
  const receives = may('visit.receive', 'all');
  const asks = useSignal(false);
  const letIn = () => (state === 'waiting' ? settle(of, 'approval', onDone) : arrive(of));
  const letInOrAsk = () => (lacks(of).length > 0 ? (asks.value = true) : letIn());
  const button = (word: string, run: () => unknown, look: 'plain' | 'quiet' = 'plain') => (
    <Button look={look} onClick={() => void run()}>
      {word} <span class="unseen">{of.name}</span>
    </Button>
  );
  return (
    <div class="actions">
      {state === 'waiting' && button(words.letIn, letInOrAsk)}
      {state === 'waiting' && button(words.refuse, () => settle(of, 'refusal', onDone), 'quiet')}
      {state === 'expected' && receives && button(words.arrive, letInOrAsk)}
      {(state === 'on_site' || state === 'left_assumed') && button(words.leave, () => leave(of))}
      {asks.value && (
        <LetIn
          of={of}
          onLetIn={() => {
            asks.value = false;
            void letIn();
          }}
          onClose={() => (asks.value = false)}
        />
      )}
    </div>
  );
}
