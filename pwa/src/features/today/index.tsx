import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { me } from '../../app/session';
import { dayOf, formatHours, formatSince, formatTime } from '../../i18n';
import { NoPosition } from '../../location/position';
import { ownWindows } from '../../location/windows';
import { ownFences } from '../../location/sharing';
import { StorageFull, whenAccepted } from '../../offline/outbox';
import { Button, Checkbox, ErrorState, Facts, FormProblem, Notice, Page, Section, Skeleton } from '../../ui';
import { type Kind, type Today, todayOf } from './standing';
import { clock, type Done, presence, punches, waiting, workday } from './store';
import './today.css';
import { t } from './words';

function How({ today }: { today: Today }) {
  const words = t();
  return (
    <>
      <p class="how" role="status">
        {today.clockedIn_ms === null ? words.notIn : words.clockedIn}
        {today.clockedIn_ms !== null && <span>{words.since(formatSince(today.clockedIn_ms))}</span>}
      </p>
      {today.isWaiting && <Notice tone="warn">{words.waits}</Notice>}
      {today.places.map(({ name, since_ms, unknown_ms }) => (
        <p key={name} class="muted">
          {unknown_ms === null ? words.insideAt(name, formatSince(since_ms)) : words.unknownAt(name, formatSince(unknown_ms))}
        </p>
      ))}
    </>
  );
}

function Wrong({ failure }: { failure: unknown }) {
  const words = t();
  if (failure === null) return null;
  if (failure instanceof NoPosition) {
    const { title, text } = words.trouble[failure.trouble];
    return <Notice tone="bad" title={title} children={text} />;
  }
  if (failure instanceof StorageFull) return <Notice tone="bad" title={words.full.title} children={words.full.text} />;
  return <FormProblem explained={explain(failure)} />;
}

function Result({ done }: { done: Done }) {
  const words = t();
  return (
    <div role="status" class="stack tight">
      <Notice tone={done.arrived ? 'good' : 'warn'} title={words.done[done.kind](formatTime(done.at_ms))}>
        {done.arrived ? done.fix && words.fix[done.fix] : words.kept}
      </Notice>
      {done.already_ms !== null && <Notice tone="warn">{words.already[done.kind](formatSince(done.already_ms))}</Notice>}
    </div>
  );
}

/** `today` null: not known yet; what does not depend on it can be read already, and keeps its place. */
function Clock({ today, onDone }: { today: Today | null; onDone: () => void }) {
  const words = t();
  const busy = useSignal<Kind | null>(null);
  const done = useSignal<Done | null>(null);
  const failure = useSignal<unknown>(null);
  const withLocation = useSignal(false);
  const tap = async (kind: Kind) => {
    if (busy.value) return;
    busy.value = kind;
    failure.value = done.value = null;
    try {
      done.value = await clock(kind, withLocation.value);
      onDone();
    } catch (error) {
      failure.value = error;
      if (error instanceof NoPosition) withLocation.value = false;
    } finally {
      busy.value = null;
    }
  };
  const other: Kind = today?.next === 'in' ? 'out' : 'in';
  return (
    <div class="clock-card">
      {today ? (
        <>
          <How today={today} />
          <Button wide look="primary" busy={busy.value === today.next} onClick={() => void tap(today.next)}>
            {words[today.next]}
          </Button>
        </>
      ) : (
        <Skeleton lines={2} />
      )}
      <Checkbox
        label={words.withLocation}
        hint={words.withLocationHint}
        value={withLocation.value}
        onValue={(on) => (withLocation.value = on)}
      />
      {done.value && <Result done={done.value} />}
      <Wrong failure={failure.value} />
      <div class="actions start">
        {today && (
          <Button look="quiet" busy={busy.value === other} onClick={() => void tap(other)}>
            {words.other[other]}
          </Button>
        )}
      </div>
    </div>
  );
}

/** The working windows that begin on this weekday (1 is Monday). */
function hoursToday(): string {
  const day = new Date(`${dayOf(Date.now())}T00:00:00Z`).getUTCDay() || 7;
  const found = (ownWindows(me.value?.person_id ?? '').value.value ?? []).filter((window) => window.weekdays.includes(day));
  return found.map((window) => `${window.starts_at.slice(0, 5)} – ${window.ends_at.slice(0, 5)}`).join(', ');
}

/** Am I in, where, since when; and one big button. */
export default function TodayScreen() {
  const words = t();
  const person_id = me.value?.person_id ?? '';
  const asked = [punches(), presence(person_id), workday(person_id), ownWindows(me.value?.person_id ?? '')];
  const refresh = () => asked.forEach((one) => void one.refresh());
  useEffect(() => {
    for (const one of asked) void one.open();
    void ownFences().open();
    const timer = setInterval(() => document.visibilityState === 'visible' && refresh(), 60_000);
    const unlisten = whenAccepted(['punch'], refresh);
    return () => {
      clearInterval(timer);
      unlisten();
    };
  }, [person_id]);
  const known = punches().value.value;
  const failure = punches().failure.value;
  const day = workday(person_id).value.value;
  if (known === null && failure !== null && waiting().length === 0) {
    return (
      <Page title={words.title}>
        <Clock today={todayOf([], null, [])} onDone={refresh} />
        <ErrorState explained={explain(failure)} onRetry={refresh} />
      </Page>
    );
  }
  if (known === null && failure === null) {
    return (
      <Page title={words.title}>
        <Clock today={null} onDone={refresh} />
      </Page>
    );
  }
  const today = todayOf(known ?? [], presence(person_id).value.value, waiting());
  const ofToday = (known ?? []).filter((punch) => dayOf(punch.at) === dayOf(Date.now()));
  return (
    <Page title={words.title} busy={punches().loading.value && known !== null}>
      <Clock today={today} onDone={refresh} />
      <Section title={words.recent}>
        <Facts
          of={[
            [words.worked, day ? formatHours(day.worked_ms / 1000) : formatHours(0)],
            [words.breaks, day && day.break_deducted_ms > 0 ? formatHours(day.break_deducted_ms / 1000) : null],
            [words.hours, hoursToday() || words.noHours],
          ]}
        />
        {ofToday.length === 0 ? (
          <p class="muted">{words.nothingYet}</p>
        ) : (
          <ul class="punch-list">
            {ofToday.map((punch) => (
              <li key={punch.id}>
                <strong>
                  {words.punch[punch.kind]} {formatTime(punch.at)}
                </strong>
                <span class="muted">{words.methods[punch.method]}</span>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </Page>
  );
}
