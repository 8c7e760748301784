import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { explain } from '../../api';
import type { ScreenProps } from '../../app/router';
import { may, me } from '../../app/session';
import { zone } from '../../i18n';
import { whenAccepted } from '../../offline/outbox';
import { Button, Empty, ErrorState, Facts, Page, Section, Skeleton } from '../../ui';
import { axisOf, DayShown, hoursOf, Legend, PeriodBar, periodHere, ProposeDialog, Scale, Updated, why, workdays } from '../../workday';
import './attendance.css';
import { totalsOf } from './store';
import { t } from './words';

/** One person's days of a period, each with every line of "why?". */
export default function PersonScreen({ params }: ScreenProps) {
  const words = t();
  const { person_id = '' } = params;
  const { view, on, period } = periodHere('week');
  const asked = workdays(period, { person_id });
  const proposing = useSignal<string | null>(null);
  const refresh = () => void asked.refresh();
  useEffect(() => void asked.open(), [person_id, period.first, period.last]);
  useEffect(() => whenAccepted(['correction'], refresh), [asked]);
  const person = asked.value.value?.[0];
  const days = useMemo(() => (person ? person.days.toSorted((a, b) => (a.worked_on < b.worked_on ? 1 : -1)) : []), [person]);
  const axis = useMemo(() => axisOf(days, zone.value), [days]);
  const totals = totalsOf(days);
  const { value: failure } = asked.failure;
  const mayPropose = may('correction.propose', person_id === me.value?.person_id ? 'own' : 'all');
  const propose = (day: string) => (proposing.value = day);
  return (
    <Page
      title={person?.name ?? words.title}
      back={{ href: `/attendance?${new URLSearchParams({ view, on })}`, label: words.title }}
      about={<Updated at={asked.fetched_ms.value} />}
      busy={asked.loading.value && person !== undefined}
      actions={
        mayPropose && (
          <Button icon="edit" onClick={() => propose(on)}>
            {words.propose}
          </Button>
        )
      }
    >
      <PeriodBar otherwise="week" />
      {!person && (failure ? <ErrorState explained={explain(failure)} onRetry={refresh} /> : <Skeleton lines={8} />)}
      {person && (
        <Section>
          <Facts
            of={[
              [words.total, words.hours(hoursOf(totals.worked_ms))],
              [words.days, totals.days],
              [words.approved, words.ofDays(totals.approved, totals.days)],
              [words.questions, totals.questions || null],
            ]}
          />
        </Section>
      )}
      {person && days.length === 0 && (
        <Empty icon="calendar" title={words.noDays.title}>
          {words.noDays.text}
        </Empty>
      )}
      {days.length > 0 && (
        <div class="stack">
          <div class="over-days">
            <Scale axis={axis} />
          </div>
          {days.map((day) => (
            <DayShown
              key={day.worked_on}
              {...{ person_id, day, axis }}
              opened={view !== 'month'}
              actions={
                mayPropose && (
                  <Button look="quiet" icon="edit" label={words.proposeOf(day.worked_on)} onClick={() => propose(day.worked_on)}>
                    {words.propose}
                  </Button>
                )
              }
            />
          ))}
          <Legend />
        </div>
      )}
      {proposing.value !== null && person && (
        <ProposeDialog
          person={person}
          worked_on={proposing.value}
          onClose={() => (proposing.value = null)}
          onSent={() => {
            if (proposing.value) void why(person_id, proposing.value).refresh();
            proposing.value = null;
            refresh();
          }}
        />
      )}
    </Page>
  );
}
