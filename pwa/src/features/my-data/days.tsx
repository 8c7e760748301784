import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { explain } from '../../api';
import { zone } from '../../i18n';
import { listen } from '../../live/stream';
import { whenAccepted } from '../../offline/outbox';
import { Button, Empty, ErrorState, Skeleton } from '../../ui';
import {
  axisOf,
  DayShown,
  hoursOf,
  Legend,
  PeriodBar,
  periodHere,
  ProposeDialog,
  questions,
  Scale,
  Updated,
  why,
  workdays,
} from '../../workday';
import { Questions } from './questions';
import { Unsent } from './unsent';
import { t } from './words';

/** My workdays of a period, each with its "why?", and what they ask me. */
export function Days({ person_id }: { person_id: string }) {
  const words = t();
  const { on, period } = periodHere('week');
  const asked = workdays(period, { person_id });
  const proposing = useSignal<string | null>(null);
  const refresh = () => {
    void asked.refresh();
    void questions().refresh();
  };
  useEffect(() => void asked.open(), [person_id, period.first, period.last]);
  useEffect(() => {
    const stops = [
      whenAccepted(['correction', 'answer', 'punch'], refresh),
      listen({ kind: 'correction', onNews: refresh, onFresh: () => undefined }),
      listen({ kind: 'question', onNews: refresh, onFresh: () => undefined }),
    ];
    return () => stops.forEach((stop) => stop());
  }, [asked]);
  const found = asked.value.value?.[0]?.days;
  const days = useMemo(() => found?.toSorted((a, b) => (a.worked_on < b.worked_on ? 1 : -1)) ?? [], [found]);
  const axis = useMemo(() => axisOf(days, zone.value), [days]);
  const { value: failure } = asked.failure;
  const worked_ms = days.reduce((sum, day) => sum + day.worked_ms, 0);
  return (
    <>
      <Unsent />
      <Questions onAnswered={refresh} />
      <PeriodBar otherwise="week" views={['week', 'month']} />
      <div class="row spread">
        <p>
          <strong>{words.hours(hoursOf(worked_ms))}</strong>{' '}
          <span class="muted small">
            <Updated at={asked.fetched_ms.value} />
          </span>
        </p>
        <Button icon="edit" onClick={() => (proposing.value = on)}>
          {words.propose}
        </Button>
      </div>
      {!found && (failure ? <ErrorState explained={explain(failure)} onRetry={refresh} /> : <Skeleton lines={6} />)}
      {found && days.length === 0 && (
        <Empty icon="calendar" title={words.noDays.title}>
          {words.noDays.text}
        </Empty>
      )}
      {days.length > 0 && (
        <div class="over-days">
          <Scale axis={axis} />
        </div>
      )}
      {days.map((day) => (
        <DayShown
          key={day.worked_on}
          {...{ person_id, day, axis }}
          opened={false}
          actions={
            <Button look="quiet" icon="edit" label={words.proposeOf(day.worked_on)} onClick={() => (proposing.value = day.worked_on)}>
              {words.propose}
            </Button>
          }
        />
      ))}
      {days.length > 0 && <Legend />}
      {proposing.value !== null && (
        <ProposeDialog
          worked_on={proposing.value}
          onClose={() => (proposing.value = null)}
          onSent={() => {
            if (proposing.value) void why(person_id, proposing.value).refresh();
            proposing.value = null;
            refresh();
          }}
        />
      )}
    </>
  );
}
