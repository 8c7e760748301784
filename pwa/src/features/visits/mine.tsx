/** The host's own screen: who comes for me, and how they are met. */
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { HOST_ANSWERS, type Visit } from '../../api/visits';
import { may, me } from '../../app/session';
import { dayOf, formatDay } from '../../i18n';
import { Age, Button, ButtonLink, Empty, ErrorState, Page, Section, Skeleton } from '../../ui';
import { Full, Standing, Steps, times } from './line';
import { StandIn } from './stand-in';
import { answer, keepFresh, mine, onItsWay, stateOf } from './store';
import { t } from './words';
import './visits.css';

function Answers({ of }: { of: Visit }) {
  const words = t();
  const entry = onItsWay(of);
  const said = (entry?.kind === 'visit_answer' ? entry.body?.['answer'] : undefined) ?? of.host_said;
  return (
    <div class="visit-answers" role="group" aria-label={words.of(words.answer, of.name)}>
      {HOST_ANSWERS.map((one) => (
        <Button
          key={one}
          look={one === 'coming' && !said ? 'primary' : 'plain'}
          pressed={said === one}
          onClick={() => void answer(of, one)}
        >
          {words.answers[one]}
        </Button>
      ))}
    </div>
  );
}

function Line({ of, onDone }: { of: Visit; onDone: () => void }) {
  const words = t();
  const isHere = ['waiting', 'on_site'].includes(stateOf(of));
  return (
    <li class="stack tight">
      <div class="row spread">
        <span class="stack tight">
          <a href={`/visits/${of.id}`}>
            <strong>{of.name}</strong>
          </a>
          <span class="muted small">
            {times(of)} · {of.type_name}
          </span>
        </span>
        <Standing of={of} />
      </div>
      {isHere && <Answers of={of} />}
      {isHere && (
        <span class="small muted" aria-live="polite">
          {of.host_said && words.answered}
        </span>
      )}
      <div class="row wrap spread">
        {of.invitation_id && may('visit.invite') && <a href={`/visits/invite/${of.invitation_id}`}>{words.visit.invitation}</a>}
        <Steps of={of} onDone={onDone} />
      </div>
    </li>
  );
}

export default function MyVisits() {
  const words = t();
  const asked = mine();
  const refresh = () => void asked.refresh();
  useEffect(() => {
    void asked.open();
    return keepFresh(refresh);
  }, []);
  const visits = asked.value.value;
  const person_id = me.value?.person_id;
  const days = [...Map.groupBy(visits ?? [], (one) => dayOf(one.arrived_at ?? one.expected_from))].toSorted(([a], [b]) =>
    a.localeCompare(b),
  );
  return (
    <Page
      title={words.mineTitle}
      about={words.mineAbout}
      busy={asked.loading.value && visits !== null}
      actions={
        may('visit.invite') && (
          <ButtonLink look="primary" icon="send" href="/visits/invite">
            {words.invite}
          </ButtonLink>
        )
      }
    >
      <Full />
      {visits === null &&
        (asked.failure.value === null ? <Skeleton /> : <ErrorState explained={explain(asked.failure.value)} onRetry={refresh} />)}
      {visits?.length === 0 && (
        <Empty icon="person" title={words.mineEmpty.title}>
          {words.mineEmpty.text}
        </Empty>
      )}
      {days.map(([day, some]) => (
        <Section key={day} title={formatDay(day)}>
          <ul class="lines">
            {some.map((one) => (
              <Line key={one.id} of={one} onDone={refresh} />
            ))}
          </ul>
        </Section>
      ))}
      {person_id && may('person.read', 'all') && <StandIn person_id={person_id} />}
      {visits && asked.failure.value !== null && asked.fetched_ms.value !== null && (
        <p class="muted small">
          {words.asOf} <Age at={asked.fetched_ms.value} />
        </p>
      )}
    </Page>
  );
}
