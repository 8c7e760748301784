/**
 * Counting down to the moment the server named, by the server's clock: a tab that slept shows the right second when it wakes, and nothing here
 * sends anything. Cancelling asks the server, so it needs a network; without one this says so instead of pretending.
 */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { connection, explain } from '../../api';
import { act, type Alert } from '../../api/alerts';
import { formatDateTime } from '../../i18n';
import { textFor } from '../../messaging';
import { KindBand, SeverityMark } from '../../messaging/alert-kind';
import { serverTime_ms } from '../../offline/clock';
import { type Explained, FormProblem, Notice, Page } from '../../ui';
import './board.css';
import { secondsLeft } from './course';
import { alertOf } from './store';
import { t } from './words';

const TICK_MS = 200;
/** After the end the worker takes a moment; so often it is asked whether it went out. */
const ASK_MS = 1_000;

function useLeft(alert: Alert): number {
  const left = useSignal(secondsLeft(alert.due_at, serverTime_ms()));
  useEffect(() => {
    let asked_ms = 0;
    const look = () => {
      left.value = secondsLeft(alert.due_at, serverTime_ms());
      if (left.value > 0 || Date.now() - asked_ms < ASK_MS) return;
      asked_ms = Date.now();
      void alertOf(alert.id).refresh();
    };
    const ticking = setInterval(look, TICK_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(ticking);
      document.removeEventListener('visibilitychange', look);
    };
  }, [alert.id, alert.due_at]);
  return left.value;
}

export function Countdown({ alert }: { alert: Alert }) {
  const words = t();
  const left = useLeft(alert);
  const busy = useSignal(false);
  const wrong = useSignal<Explained | null>(null);
  const isAway = connection.value !== 'online';
  const cancel = async () => {
    [busy.value, wrong.value] = [true, null];
    try {
      await act(alert.id, 'cancellation');
    } catch (failure) {
      wrong.value = explain(failure);
    }
    await alertOf(alert.id).refresh();
    busy.value = false;
  };
  const { subject, body } = textFor(alert.texts);
  return (
    <Page title={subject} back={{ href: '/alerts', label: words.back }}>
      <KindBand exercise={alert.exercise}>
        <SeverityMark severity={alert.severity} />
      </KindBand>
      <div class={`countdown ${alert.exercise}`}>
        <p>{left > 0 ? words.goesOut : words.going}</p>
        <p class="countdown-seconds" role="timer" aria-label={words.secondsLeft(left)}>
          {left}
        </p>
        <p class="unseen" role="status">
          {alert.due_at && words.goesOutAt(formatDateTime(alert.due_at))}
        </p>
      </div>
      <FormProblem explained={wrong.value} />
      {isAway && <Notice tone="warn">{words.cancelOffline}</Notice>}
      <button
        type="button"
        class="countdown-cancel"
        aria-disabled={busy.value}
        disabled={isAway || left <= 0}
        onClick={() => busy.value || void cancel()}
      >
        {words.cancel}
      </button>
      <p>{body}</p>
    </Page>
  );
}
