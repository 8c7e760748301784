import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { type InboxReply, markRead, replies } from '../../api/messaging';
import { at, setQuery } from '../../app/router';
import { formatSince } from '../../i18n';
import { messagingWords } from '../../messaging';
import { common, usePages } from '../../people';
import { Age, Button, Choice, Empty, ErrorState, FormProblem, Page, Section, Skeleton, Status, type Tone } from '../../ui';
import { keepFresh } from './fresh';
import { t } from './words';

const TONES: Record<InboxReply['kind'], Tone> = {
  safe: 'good',
  need_help: 'bad',
  on_my_way: 'info',
  text: 'neutral',
  stop: 'warn',
  start: 'neutral',
  unknown: 'warn',
};

function Line({ of, onRead }: { of: InboxReply; onRead: () => void }) {
  const words = t().replies;
  const who = of.name ?? of.sender ?? words.somebody;
  return (
    <li class="stack tight">
      <div class="row spread">
        <span class="row wrap">
          <strong>{who}</strong>
          <Status tone={TONES[of.kind]}>{messagingWords().replied[of.kind] ?? words.kinds[of.kind]}</Status>
          {!of.read_at && <Status tone="info">{words.isNew}</Status>}
        </span>
        <span class="muted small">
          {formatSince(of.said_at)} {words.by[of.channel]}
        </span>
      </div>
      {of.text && <p class="said">{of.text}</p>}
      <div class="actions start">
        {!of.read_at && (
          <Button icon="check" label={words.markReadOf(who)} onClick={onRead}>
            {words.markRead}
          </Button>
        )}
        {of.message_id && <a href={`/messages/${of.message_id}`}>{words.toMessage}</a>}
      </div>
    </li>
  );
}

/** What people answered, and what came from numbers that nobody has. */
export default function Replies() {
  const unmatched = at.value.query.get('which') === 'unmatched';
  const message_id = at.value.query.get('message') ?? '';
  const pages = usePages(`replies?${unmatched}&${message_id}`, (cursor) =>
    replies({ ...(unmatched && { unmatched }), ...(message_id && { message_id }) }, cursor),
  );
  useEffect(() => keepFresh(() => void pages.reload()), [unmatched, message_id]);
  const words = t().replies;
  const { items, first } = pages;
  const read = async (id: string) => {
    await markRead(id).catch(() => undefined); // it stays new, and can be pressed again
    await pages.reload();
  };
  const none = unmatched ? words.noneUnmatched : words.none;
  return (
    <Page
      title={words.title}
      about={
        first.fetched_ms.value === null ? (
          words.about
        ) : (
          <>
            {words.about} {words.updated} <Age at={first.fetched_ms.value} />.
          </>
        )
      }
      busy={first.loading.value && items !== null}
    >
      <Choice
        quiet
        label={words.which}
        value={unmatched ? 'unmatched' : 'all'}
        options={[
          { value: 'all', label: words.all },
          { value: 'unmatched', label: words.unmatched },
        ]}
        onValue={(which) => setQuery({ which: which === 'all' ? null : which })}
      />
      {items === null &&
        (first.failure.value === null ? (
          <Skeleton lines={6} />
        ) : (
          <ErrorState explained={explain(first.failure.value)} onRetry={() => void first.refresh()} />
        ))}
      {items?.length === 0 && (
        <Empty icon="mail" title={none.title}>
          {none.text}
        </Empty>
      )}
      {items && items.length > 0 && (
        <Section>
          <ul class="lines">
            {items.map((one) => (
              <Line key={one.id} of={one} onRead={() => void read(one.id)} />
            ))}
          </ul>
        </Section>
      )}
      <FormProblem explained={pages.failure === null ? null : explain(pages.failure)} />
      {pages.more && (
        <Button busy={pages.busy} onClick={() => void pages.more?.()}>
          {common().more}
        </Button>
      )}
    </Page>
  );
}
