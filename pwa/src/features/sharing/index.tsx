import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { me } from '../../app/session';
import { ownWindows } from '../../location/windows';
import { formatNumber, formatSince } from '../../i18n';
import { reading } from '../../location/position';
import { lastShared_ms, ownFences } from '../../location/sharing';
import { pings, StorageFull, whenAccepted } from '../../offline/outbox';
import { Age, Button, Empty, ErrorState, FormProblem, Notice, Page, Section, Skeleton } from '../../ui';
import { Explain, Hindered } from './explain';
import { Instead, Phones } from './phones';
import './sharing.css';
import { act, choose, follow, mySwitch, phones, stateNow, type Switch, thisDevice, unsentState } from './store';
import { t } from './words';

const PAUSE_HOURS = [1, 4, 24] as const;

function Hours() {
  const words = t();
  const known = ownWindows(me.value?.person_id ?? '').value.value ?? [];
  return (
    <Section title={words.hours} about={known.length > 0 ? words.hoursHint : words.noHours}>
      {known.length > 0 && (
        <ul class="hours-list">
          {known.map((window) => (
            <li key={window.id}>
              <span>{window.weekdays.map((day) => words.weekdays[day - 1]).join(' ')}</span>
              <strong>
                {window.starts_at.slice(0, 5)} – {window.ends_at.slice(0, 5)}
              </strong>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** On or paused: what happens now, and how to stop. */
function Running({ found, state, mine }: { found: Switch; state: 'on' | 'paused'; mine: string | null }) {
  const words = t();
  const busy = useSignal(false);
  const failure = useSignal<unknown>(null);
  const run = async (kind: Parameters<typeof act>[0]) => {
    if (busy.value) return;
    busy.value = true;
    failure.value = null;
    try {
      await act(kind);
    } catch (error) {
      failure.value = error instanceof StorageFull ? new Error('storage') : error;
    } finally {
      busy.value = false;
    }
  };
  const isElsewhere = state === 'on' && mine !== null && found.tracking_device_id !== mine;
  return (
    <Section>
      <h2>
        {words.states[state]}{' '}
        <span class="muted small">
          {state === 'paused' && found.paused_until
            ? words.until(formatSince(found.paused_until))
            : found.since && words.since(formatSince(found.since))}
        </span>
      </h2>
      {unsentState() !== null && <Notice tone="warn">{words.unsent}</Notice>}
      {state === 'on' && mine !== null && !isElsewhere && (
        <p class="muted">
          {reading.value === 'watching' ? words.reading.watching : words.reading.idle}{' '}
          {lastShared_ms.value !== null && (
            <>
              {words.last} <Age at={lastShared_ms.value} />
            </>
          )}
          {pings.value.waiting > 0 && ` · ${words.waiting(formatNumber(pings.value.waiting))}`}
        </p>
      )}
      <Hindered />
      {isElsewhere && (
        <Notice
          title={words.elsewhere.title}
          actions={<Button onClick={() => void choose(mine).then(follow)}>{words.elsewhere.action}</Button>}
        >
          {words.elsewhere.text}
        </Notice>
      )}
      {state === 'paused' && (
        <Button wide look="primary" busy={busy.value} onClick={() => void run('switch_resume')}>
          {words.resume}
        </Button>
      )}
      <Button wide look={state === 'on' ? 'primary' : 'plain'} busy={busy.value} onClick={() => void run('switch_off')}>
        {words.off}
      </Button>
      <p class="muted small">{words.offHint}</p>
      {state === 'on' && (
        <div class="actions start" role="group" aria-label={words.pause}>
          {PAUSE_HOURS.map((hours) => (
            <Button key={hours} icon="pause" onClick={() => void run({ pause_hours: hours })}>
              {words.pause} {words.pauses[hours]}
            </Button>
          ))}
        </div>
      )}
      <FormProblem explained={failure.value === null ? null : explain(failure.value)} />
    </Section>
  );
}

/** Opt in, see what happens, stop. */
export default function SharingScreen() {
  const words = t();
  const mine = useSignal<string | null>(null);
  useEffect(() => {
    void mySwitch().open().then(follow);
    for (const one of [ownWindows(me.value?.person_id ?? ''), phones(), ownFences()]) void one.open();
    return whenAccepted(['switch_on', 'switch_off', 'switch_pause', 'switch_resume'], () => void mySwitch().refresh().then(follow));
  }, []);
  useEffect(() => void thisDevice().then((id) => (mine.value = id)), [phones().value.value]);
  const found = mySwitch().value.value;
  const state = stateNow();
  const isAsked = ownFences().value.value?.evaluation !== null;
  return (
    <Page title={words.title} about={words.about}>
      {!found &&
        (mySwitch().failure.value ? (
          <ErrorState explained={explain(mySwitch().failure.value)} onRetry={() => void mySwitch().refresh()} />
        ) : (
          <Skeleton lines={6} />
        ))}
      {found && !isAsked && state === 'off' && (
        <Empty icon="pin" title={words.notAsked.title}>
          {words.notAsked.text}
        </Empty>
      )}
      {found && isAsked && state === 'off' && <Explain />}
      {found && state !== null && state !== 'off' && <Running found={found} state={state} mine={mine.value} />}
      {found && isAsked && (
        <>
          <Hours />
          <Phones mine={mine.value} />
          <Instead />
        </>
      )}
    </Page>
  );
}
