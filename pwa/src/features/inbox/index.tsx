import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import type { MineOut } from '../../api/messaging';
import { formatSince } from '../../i18n';
import { messagingWords } from '../../messaging';
import { whenAccepted } from '../../offline/outbox';
import { Age, ButtonLink, Empty, ErrorState, Page, Section, Skeleton, Status } from '../../ui';
import { renewPush } from '../../messaging/push';
import { keepFresh } from './fresh';
import { isUnread, loadRead, mine, onItsWay } from './store';
import { t } from './words';
import './inbox.css';

/** What kind of message it is, and how it stands; nothing for an ordinary one. */
export function Marks({ of }: { of: MineOut }) {
  const words = t();
  const active = of.stage === 'active';
  return (
    <>
      {of.kind === 'alert' && (
        <Status tone={active && of.exercise === 'actual' ? 'bad' : 'neutral'} icon="alert">
          {active ? words.activeAlert : words.alert}
        </Status>
      )}
      {of.exercise !== 'actual' && <Status tone="info">{messagingWords().exercises[of.exercise]}</Status>}
      {of.kind === 'alert' && of.stage === 'cancelled' && <Status>{words.cancelled}</Status>}
    </>
  );
}

function Line({ of }: { of: MineOut }) {
  const words = t();
  const unread = isUnread(of);
  const given = onItsWay(of.id)?.body?.['reply'] ?? of.reply;
  return (
    <li class={unread ? 'unread' : undefined}>
      <a href={`/inbox/${of.id}`}>
        <span class="row spread">
          <strong>
            {unread && <span class="unseen">{words.isUnread}: </span>}
            {of.subject || of.body}
          </strong>
          <span class="muted small">{formatSince(of.at)}</span>
        </span>
        {of.subject && <span class="inbox-body muted">{of.body}</span>}
      </a>
      <div class="row wrap">
        <Marks of={of} />
        {typeof given === 'string' && <Status tone="good">{words.answered(messagingWords().replied[given] ?? given)}</Status>}
        {of.asks_reply && !given && of.stage !== 'cancelled' && <Status tone="warn">{words.asks}</Status>}
      </div>
    </li>
  );
}

/** What was sent to whoever is signed in. */
export default function Inbox() {
  const asked = mine();
  useEffect(() => {
    void loadRead();
    void asked.open();
    void renewPush();
    const stops = [keepFresh(() => void asked.refresh()), whenAccepted(['reply'], () => void asked.refresh())];
    return () => stops.forEach((stop) => stop());
  }, []);
  const words = t();
  const found = asked.value.value;
  return (
    <Page
      title={words.title}
      about={
        found && (
          <>
            {words.unread(found.filter(isUnread).length)}
            {asked.fetched_ms.value !== null && (
              <>
                {' · '}
                {words.updated} <Age at={asked.fetched_ms.value} />
              </>
            )}
          </>
        )
      }
      busy={asked.loading.value && found !== null}
      actions={
        <ButtonLink icon="bell" href="/account/reach">
          {words.reach}
        </ButtonLink>
      }
    >
      {!found &&
        (asked.failure.value === null ? (
          <Skeleton lines={6} />
        ) : (
          <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
        ))}
      {found?.length === 0 && (
        <Empty icon="mail" title={words.none.title}>
          {words.none.text}
        </Empty>
      )}
      {found && found.length > 0 && (
        <Section>
          <ul class="lines inbox">
            {found.map((one) => (
              <Line key={one.id} of={one} />
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}
