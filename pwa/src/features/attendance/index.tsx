import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { explain } from '../../api';
import { at, setQuery } from '../../app/router';
import { may } from '../../app/session';
import { byName, formatDay, zone } from '../../i18n';
import { whenAccepted } from '../../offline/outbox';
import { Button, ButtonLink, Empty, ErrorState, Notice, Page, Search, Select, Skeleton, Table } from '../../ui';
import {
  arriving,
  axisOf,
  datesOf,
  DayBar,
  DayStatus,
  hoursOf,
  Legend,
  type Period,
  PeriodBar,
  periodHere,
  type PersonDays,
  questionsSaid,
  Scale,
  timesSaid,
  Updated,
  type Workday,
  workdays,
} from '../../workday';
import './attendance.css';
import { groups, missing, shownOf, totalsOf, type Which } from './store';
import { t } from './words';

const AT_ONCE = 100;
const WHICH: readonly Which[] = ['', 'here', 'questions', 'open'];

function asked() {
  const { query } = at.value;
  return {
    ...periodHere('day'),
    text: query.get('q') ?? '',
    group_id: query.get('group') ?? '',
    which: WHICH.find((known) => known === query.get('which')) ?? '',
  };
}

const linkOf = (person_id: string, period: { view: string; on: string }) =>
  `/attendance/${person_id}?${new URLSearchParams({ view: period.view === 'month' ? 'month' : 'week', on: period.on })}`;

function Filters({ group_id, text, which }: ReturnType<typeof asked>) {
  const words = t();
  const known = groups().value.value ?? [];
  return (
    <div class="attendance-filters">
      <Search label={words.search} value={text} onValue={(q) => setQuery({ q })} />
      <Select
        name="which"
        label={words.which}
        value={which}
        options={WHICH.map((value) => ({ value, label: words.whichOf[value || 'everyone'] }))}
        onValue={(next) => setQuery({ which: next })}
      />
      {known.length > 0 && (
        <Select
          name="group"
          label={words.group}
          value={group_id}
          options={[{ value: '', label: words.allGroups }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
          onValue={(group) => setQuery({ group })}
        />
      )}
    </div>
  );
}

function DayRow({ person, day, axis, href }: { person: PersonDays; day: Workday; axis: ReturnType<typeof axisOf>; href: string }) {
  const words = t();
  return (
    <li class="day-row">
      <div class="row-name">
        <a href={href}>{person.name}</a>
        <DayStatus day={day} quiet />
      </div>
      <DayBar day={day} axis={axis} />
      <strong class="total">{words.hours(hoursOf(day.worked_ms))}</strong>
      <p class="muted small times">
        {timesSaid(day)}
        {questionsSaid(day).map((question) => (
          <span key={question} class="asks">
            {question}
          </span>
        ))}
      </p>
    </li>
  );
}

function DayView({ people, wanted }: { people: readonly PersonDays[]; wanted: ReturnType<typeof asked> }) {
  const axis = useMemo(
    () =>
      axisOf(
        people.flatMap((person) => person.days),
        zone.value,
      ),
    [people],
  );
  return (
    <div class="stack">
      <div class="day-rows">
        <div class="day-row head">
          <Scale axis={axis} />
        </div>
        <ul aria-label={t().list(people.length)}>
          {people.map((person) =>
            person.days.map((day) => <DayRow key={person.person_id} {...{ person, day, axis }} href={linkOf(person.person_id, wanted)} />),
          )}
        </ul>
      </div>
      <Legend />
    </div>
  );
}

function DayCell({ day }: { day: Workday | undefined }) {
  if (!day) return null;
  const asks = questionsSaid(day).length > 0;
  return (
    <span class={day.status === 'approved' ? 'cell approved' : 'cell'}>
      {hoursOf(day.worked_ms)}
      {asks && (
        <b class="asks" title={questionsSaid(day).join(' ')}>
          ?<span class="unseen"> {questionsSaid(day).join(' ')}</span>
        </b>
      )}
      {day.status === 'approved' && <span class="unseen"> {t().approved}</span>}
    </span>
  );
}

function PeriodView({ people, period, wanted }: { people: readonly PersonDays[]; period: Period; wanted: ReturnType<typeof asked> }) {
  const words = t();
  const dates = wanted.view === 'week' ? datesOf(period) : [];
  const byDay = dates.map((date) => ({
    key: date,
    head: formatDay(date, { weekday: 'short', day: 'numeric' }),
    align: 'end' as const,
    cell: (person: PersonDays) => <DayCell day={person.days.find((day) => day.worked_on === date)} />,
  }));
  const counts = [
    { key: 'days', head: words.days, align: 'end' as const, cell: (person: PersonDays) => totalsOf(person.days).days },
    { key: 'approved', head: words.approved, align: 'end' as const, cell: (person: PersonDays) => totalsOf(person.days).approved },
    { key: 'questions', head: words.questions, align: 'end' as const, cell: (person: PersonDays) => totalsOf(person.days).questions || '' },
  ];
  return (
    <div class="stack">
      <div class="period-table" role="region" aria-label={words.table} tabIndex={0}>
        <Table
          caption={words.table}
          rows={people}
          rowKey={(person) => person.person_id}
          href={(person) => linkOf(person.person_id, wanted)}
          columns={[
            { key: 'name', head: words.name, cell: (person) => person.name },
            ...(wanted.view === 'week' ? byDay : counts),
            {
              key: 'total',
              head: words.total,
              align: 'end',
              cell: (person) => <strong>{hoursOf(totalsOf(person.days).worked_ms)}</strong>,
            },
          ]}
        />
      </div>
      {wanted.view === 'week' && <p class="muted small">{words.weekLegend}</p>}
    </div>
  );
}

function People({ everybody, wanted }: { everybody: readonly PersonDays[]; wanted: ReturnType<typeof asked> }) {
  const words = t();
  const most = useSignal(AT_ONCE);
  const found = useMemo(() => shownOf(everybody, wanted).toSorted(byName((person) => person.name)), [everybody, wanted.text, wanted.which]);
  const some = useMemo(() => found.slice(0, most.value), [found, most.value]);
  if (!everybody.some((person) => person.days.length > 0)) {
    return (
      <Empty icon="calendar" title={words.nobody.title}>
        {words.nobody.text}
      </Empty>
    );
  }
  if (found.length === 0) {
    return (
      <Empty
        icon="search"
        title={words.nothingFound.title}
        action={<Button onClick={() => setQuery({ q: null, which: null })}>{words.nothingFound.action}</Button>}
      >
        {words.nothingFound.text}
      </Empty>
    );
  }
  const worked_ms = found.reduce((sum, person) => sum + totalsOf(person.days).worked_ms, 0);
  return (
    <>
      <p class="muted">{words.summary(found.length, hoursOf(worked_ms), everybody.length - found.length)}</p>
      {wanted.view === 'day' ? (
        <DayView people={some} wanted={wanted} />
      ) : (
        <PeriodView people={some} period={wanted.period} wanted={wanted} />
      )}
      {found.length > most.value && (
        <Button onClick={() => (most.value += AT_ONCE)}>{words.more(Math.min(AT_ONCE, found.length - most.value))}</Button>
      )}
    </>
  );
}

function Forgotten() {
  const words = t();
  const count = missing().value.value?.length ?? 0;
  return count === 0 ? null : (
    <Notice tone="warn" actions={<ButtonLink href="/corrections?tab=missing">{words.missingLook}</ButtonLink>}>
      {words.missing(count)}
    </Notice>
  );
}

/** Who worked when: a day with bars, a week or month as a table. */
export default function AttendanceScreen() {
  const words = t();
  const wanted = asked();
  const { first, last } = wanted.period;
  const question = workdays(wanted.period, { group_id: wanted.group_id });
  useEffect(() => void question.open(), [first, last, wanted.group_id]);
  useEffect(() => {
    void groups().open();
    if (may('workday.approve', 'all')) void missing().open();
  }, []);
  useEffect(() => whenAccepted(['correction', 'punch'], () => void question.refresh()), [question]);
  const come = arriving.value?.name === question.question ? arriving.value.people : null;
  const everybody = question.value.value ?? come;
  const { value: failure } = question.failure;
  const search = new URLSearchParams({ first, last, ...(wanted.group_id && { group: wanted.group_id }) });
  return (
    <Page
      wide
      title={words.title}
      about={<Updated at={question.fetched_ms.value} />}
      busy={question.loading.value && everybody !== null}
      actions={
        <>
          {may('attendance.export', 'all') && (
            <ButtonLink icon="download" href={`/attendance/export?${search}`}>
              {words.export}
            </ButtonLink>
          )}
          {may('workday.approve', 'all') && (
            <ButtonLink icon="check" href={`/attendance/approve?${search}`}>
              {words.approve}
            </ButtonLink>
          )}
        </>
      }
    >
      <PeriodBar otherwise="day" />
      <Forgotten />
      <Filters {...wanted} />
      {everybody ? (
        <People everybody={everybody} wanted={wanted} />
      ) : failure ? (
        <ErrorState explained={explain(failure)} onRetry={() => void question.refresh()} />
      ) : (
        <Skeleton lines={8} />
      )}
    </Page>
  );
}
