import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { type Alert, type AlertDelivery, type AlertRecipient, recipients } from '../../api/alerts';
import type { ReplyKind } from '../../api/messaging-types';
import { setQuery } from '../../app/router';
import { formatSince } from '../../i18n';
import { messagingWords } from '../../messaging';
import { usePages } from '../../people';
import { Button, Empty, ErrorState, Icon, Section, Skeleton, Status, type Tone } from '../../ui';
import { countIn, type State, urgentFirst } from './course';
import { turn } from './store';
import { t } from './words';

export const REPLY_TONES: Record<ReplyKind, Tone> = { safe: 'good', need_help: 'bad', on_my_way: 'info' };
const STATUS_TONES: Record<string, Tone> = {
  delivered: 'good',
  accepted: 'info',
  failed: 'bad',
  expired: 'bad',
  unknown: 'warn',
};

function How({ delivery }: { delivery: AlertDelivery }) {
  const words = messagingWords();
  return (
    <li class="how">
      <span>{words.channels[delivery.channel]}</span>
      <Status tone={STATUS_TONES[delivery.status] ?? 'neutral'}>{words.statuses[delivery.status] ?? delivery.status}</Status>
      {delivery.at && <span class="muted small">{formatSince(delivery.at)}</span>}
      {(delivery.update_number ?? 0) > 0 && <span class="muted small">{t().ofUpdate(delivery.update_number ?? 0)}</span>}
      {delivery.reason && <span class="muted small">{t().reasons[delivery.reason] ?? delivery.reason}</span>}
      {delivery.may_be_double && <Status tone="warn">{words.mayBeDouble}</Status>}
    </li>
  );
}

function Person({ person }: { person: AlertRecipient }) {
  const words = t();
  const { reply } = person;
  return (
    <li class={reply === 'need_help' ? 'board-person urgent' : 'board-person'}>
      <details>
        <summary>
          <strong>{person.name ?? words.nameless}</strong>
          {person.person_id === null && <Status>{words.visitor}</Status>}
          {person.late && <Status tone="info">{words.late}</Status>}
          {person.possibly && <Status>{words.possibly}</Status>}
          <span class="board-reply">
            {reply ? (
              <Status tone={REPLY_TONES[reply]} {...(reply === 'need_help' && { icon: 'alert' as const })}>
                {messagingWords().replied[reply]}
              </Status>
            ) : (
              <Status>{words.silent}</Status>
            )}
            {person.replied_at && <span class="muted small">{formatSince(person.replied_at)}</span>}
          </span>
          <Icon name="chevronDown" />
        </summary>
        {person.deliveries.length > 0 ? (
          <ul class="hows" aria-label={words.sent}>
            {person.deliveries.map((delivery, place) => (
              <How key={place} delivery={delivery} />
            ))}
          </ul>
        ) : (
          <p class="muted small">{words.nothingSent(messagingWords().preview.reasons[person.unreachable ?? ''] ?? null)}</p>
        )}
      </details>
    </li>
  );
}

function usePeople(id: string, state: State) {
  const pages = usePages(`alerts/${id}/recipients/${state}`, (cursor) => recipients(id, state, cursor));
  useEffect(() => {
    if (turn.value > 0) void pages.reload();
  }, [turn.value]);
  return pages;
}

/** Above everything: who needs help. Nothing while nobody does. */
export function NeedHelp({ alert }: { alert: Alert }) {
  const { items } = usePeople(alert.id, 'need_help');
  const words = t();
  const count = alert.tally.replies.need_help;
  return (
    <div role="status" aria-live="assertive">
      {count > 0 && (
        <div class="need-help">
          <h2>
            <Icon name="alert" /> {words.needHelp(count)}
          </h2>
          {(items ?? []).length > 0 && (
            <ul>
              {urgentFirst(items ?? []).map((person) => (
                <li key={person.person_id ?? person.guest_id}>
                  {person.person_id === null ? (
                    <span>{person.name ?? words.nameless}</span>
                  ) : (
                    <a href={`/people/${person.person_id}`}>{person.name ?? words.nameless}</a>
                  )}
                  {person.replied_at && <span> {formatSince(person.replied_at)}</span>}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </div>
  );
}

export function People({ alert, state }: { alert: Alert; state: State }) {
  const words = t();
  const { items, first, failure, more, busy } = usePeople(alert.id, state);
  const wrong = failure ?? first.failure.value;
  return (
    <Section title={words.states[state || 'all'](countIn(alert, state))}>
      {items === null ? (
        wrong ? (
          <ErrorState explained={explain(wrong)} onRetry={() => void first.refresh()} />
        ) : (
          <Skeleton />
        )
      ) : items.length === 0 ? (
        <Empty icon="group" title={words.nobodyHere}>
          {state && (
            <Button look="quiet" onClick={() => setQuery({ state: null })}>
              {words.showAll}
            </Button>
          )}
        </Empty>
      ) : (
        <ul class="board-people">
          {urgentFirst(items).map((person) => (
            <Person key={person.person_id ?? person.guest_id} person={person} />
          ))}
        </ul>
      )}
      {more && (
        <Button busy={busy} onClick={() => void more()}>
          {words.more}
        </Button>
      )}
    </Section>
  );
}
