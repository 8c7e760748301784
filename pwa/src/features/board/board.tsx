/** The live board: how the alert stands, who needs help, who is silent, what was sent how; and what can be said next. */
import { useSignal } from '@preact/signals';
import { explain } from '../../api';
import { act, type Alert, capAddress } from '../../api/alerts';
import { at, setQuery } from '../../app/router';
import { may } from '../../app/session';
import { formatDateTime, formatSince } from '../../i18n';
import { line } from '../../live/stream';
import { messagingWords, textFor } from '../../messaging';
import { KindBand, SeverityMark } from '../../messaging/alert-kind';
import { Age, Button, ButtonLink, confirm, type Explained, FormProblem, Menu, Page, Progress, Section, Status, toast } from '../../ui';
import './board.css';
import { countIn, isOver, type State, stateOf } from './course';
import { NeedHelp, People } from './people';
import { type Kind, Say } from './say';
import { alertOf } from './store';
import { t } from './words';

const ANSWERS = ['need_help', 'silent', 'on_my_way', 'safe'] as const;
const WAYS = ['failed', 'unknown', 'late', 'possibly'] as const;

function Tile({ state, alert, chosen }: { state: State; alert: Alert; chosen: State }) {
  const count = countIn(alert, state);
  return (
    <button
      type="button"
      class={`tile ${state || 'all'}${count === 0 ? ' none' : ''}`}
      aria-pressed={state === chosen}
      onClick={() => setQuery({ state: state === chosen ? null : state })}
    >
      <span class="tile-count">{count}</span> <span>{t().tiles[state || 'all']}</span>
    </button>
  );
}

/** How far it got: never that everyone was reached. */
function Reached({ alert }: { alert: Alert }) {
  const words = t();
  const { people, handed_over, delivered, failed, unknown } = alert.tally;
  return (
    <div class="stack tight">
      <p>
        <strong>{words.handed(handed_over, people)}</strong>
        {' · '}
        {words.delivered(delivered)}
        {failed > 0 && <> · {words.failed(failed)}</>}
        {unknown > 0 && <> · {words.unknown(unknown)}</>}
      </p>
      <Progress done={people > 0 ? handed_over / people : 0} label={words.handed(handed_over, people)} />
    </div>
  );
}

function Quorum({ alert }: { alert: Alert }) {
  const { quorum } = alert;
  if (!quorum) return null;
  const words = t();
  const said = words.quorum(quorum.reached, quorum.count, messagingWords().replied[quorum.reply] ?? quorum.reply);
  return (
    <div class={quorum.reached >= quorum.count ? 'quorum met' : 'quorum'}>
      <p>
        <strong>{said}</strong>{' '}
        {quorum.reached >= quorum.count && (
          <Status tone="good" icon="check">
            {words.quorumMet}
          </Status>
        )}
      </p>
      <Progress done={Math.min(1, quorum.reached / quorum.count)} label={said} />
    </div>
  );
}

function Updates({ alert }: { alert: Alert }) {
  const words = t();
  if (alert.updates.length === 0) return null;
  return (
    <Section title={words.updates}>
      <ol class="lines" reversed>
        {alert.updates.toReversed().map((update) => {
          const { subject, body } = textFor(update.texts);
          return (
            <li key={update.number} class="stack tight">
              <div class="row spread">
                <strong>{subject}</strong>
                <span class="muted small">
                  {words.kinds[update.kind]} · {formatSince(update.at)}
                </span>
              </div>
              <p>{body}</p>
            </li>
          );
        })}
      </ol>
    </Section>
  );
}

function useEnding(alert: Alert) {
  const wrong = useSignal<Explained | null>(null);
  const end = async () => {
    const words = t().end;
    if (!(await confirm({ title: words.title, text: words.text, action: words.action }))) return;
    wrong.value = null;
    try {
      await act(alert.id, 'ending');
      toast(words.done);
    } catch (failure) {
      wrong.value = explain(failure);
    }
    await alertOf(alert.id).refresh();
  };
  return { wrong: wrong.value, end };
}

/** How old, and whether it goes on by itself. */
function Freshness({ alert }: { alert: Alert }) {
  const words = t();
  const fetched_ms = alertOf(alert.id).fetched_ms.value;
  if (isOver(alert)) return <>{alert.ended_at && words.overSince(formatDateTime(alert.ended_at))}</>;
  if (line.value === 'live') return <Status tone="good">{words.live}</Status>;
  return (
    <Status tone="warn" icon="wait">
      {words.notLive} {fetched_ms && <Age at={fetched_ms} />}
    </Status>
  );
}

export function Board({ alert }: { alert: Alert }) {
  const words = t();
  const state = stateOf(at.value.query.get('state'));
  const saying = useSignal<Kind | null>(null);
  const { wrong, end } = useEnding(alert);
  const { subject, body } = textFor(alert.texts);
  const canSay = alert.stage === 'active' && may('alert.send', 'all');
  return (
    <Page
      title={subject}
      back={{ href: '/alerts', label: words.back }}
      about={<Freshness alert={alert} />}
      actions={
        canSay && (
          <>
            <Button onClick={() => (saying.value = 'update')}>{words.say.update.button}</Button>
            <Button look="primary" icon="check" onClick={() => (saying.value = 'all_clear')}>
              {words.say.all_clear.button}
            </Button>
            <Menu
              actions={[
                { label: words.end.button, icon: 'pause', run: () => void end() },
                { label: words.say.cancel.button, icon: 'close', danger: true, run: () => (saying.value = 'cancel') },
              ]}
            />
          </>
        )
      }
    >
      <KindBand exercise={alert.exercise}>
        {messagingWords().stages[alert.stage]}
        {alert.active_at && <> · {words.since(formatSince(alert.active_at))}</>}
        {!isOver(alert) && alert.active_at && (
          <>
            {' ('}
            <Age at={alert.active_at} />)
          </>
        )}
      </KindBand>
      <FormProblem explained={wrong} />
      <NeedHelp alert={alert} />
      <div class="tiles" role="group" aria-label={words.filter}>
        {ANSWERS.map((one) => (
          <Tile key={one} state={one} alert={alert} chosen={state} />
        ))}
      </div>
      <Quorum alert={alert} />
      <Reached alert={alert} />
      <div class="tiles small" role="group" aria-label={words.filterWays}>
        <Tile state="" alert={alert} chosen={state} />
        {WAYS.filter((one) => countIn(alert, one) > 0 || one === state).map((one) => (
          <Tile key={one} state={one} alert={alert} chosen={state} />
        ))}
      </div>
      <People key={state} alert={alert} state={state} />
      <Updates alert={alert} />
      <Section title={words.text}>
        <p>{body}</p>
        <p class="row wrap">
          <SeverityMark severity={alert.severity} />
          {alert.sender && <span class="muted small">{words.by(alert.sender)}</span>}
          {!isOver(alert) && alert.expires_at && <span class="muted small">{words.endsAt(formatDateTime(alert.expires_at))}</span>}
        </p>
        {alert.active_at && (
          <div class="actions start">
            <ButtonLink icon="download" href={capAddress(alert.id)} download={`alert-${alert.id}.xml`}>
              {words.cap}
            </ButtonLink>
          </div>
        )}
      </Section>
      {saying.value && <Say alert={alert} kind={saying.value} onClose={() => (saying.value = null)} />}
    </Page>
  );
}
