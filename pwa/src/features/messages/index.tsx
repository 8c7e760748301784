import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { type MessageLine, messages, type WantedMessages } from '../../api/messaging';
import { at, setQuery } from '../../app/router';
import { may } from '../../app/session';
import { formatDateTime, formatSince } from '../../i18n';
import { messagingWords, textFor } from '../../messaging';
import { whenAccepted } from '../../offline/outbox';
import { common, usePages } from '../../people';
import {
  Age,
  Button,
  ButtonLink,
  Empty,
  ErrorState,
  FormProblem,
  Notice,
  Page,
  Search,
  Select,
  Skeleton,
  Status,
  Table,
  TextField,
  type Tone,
} from '../../ui';
import type { Texts } from '../../api/messaging';
import { isPlanned, stageOf, unsent } from './store';
import { t } from './words';
import './messages.css';

export const STAGE_TONES: Record<string, Tone> = {
  scheduled: 'info',
  countdown: 'warn',
  approval: 'warn',
  active: 'info',
  ended: 'good',
  cancelled: 'neutral',
  expired: 'neutral',
  refused: 'bad',
  draft: 'neutral',
};

function Filters({ wanted }: { wanted: WantedMessages }) {
  const words = t();
  return (
    <div class="archive-filters">
      <Search label={words.searchNumber} value={wanted.search_number} onValue={(number) => setQuery({ number })} />
      <Select
        name="kind"
        label={words.kind}
        value={wanted.kind}
        options={(['', 'message', 'alert'] as const).map((value) => ({ value, label: words.kinds[value] }))}
        onValue={(kind) => setQuery({ kind })}
      />
      <TextField name="from" type="date" label={words.from} value={wanted.from} onValue={(from) => setQuery({ from })} required />
      <TextField name="until" type="date" label={words.until} value={wanted.until} onValue={(until) => setQuery({ until })} required />
    </div>
  );
}

/** What was written here and waits: it stands above what the server has. */
function Waiting() {
  const words = t();
  const waiting = unsent();
  if (waiting.length === 0) return null;
  return (
    <>
      {waiting.map((entry) => (
        <Notice key={entry.key} tone={entry.state === 'refused' ? 'bad' : 'warn'} actions={<a href="/outbox">{words.look}</a>}>
          {words.notArrived(textFor((entry.body?.['texts'] ?? {}) as Texts).subject || words.nameless)}
        </Notice>
      ))}
    </>
  );
}

const whenOf = (one: MessageLine) =>
  isPlanned(one) && one.due_at ? formatDateTime(one.due_at) : formatSince(one.active_at ?? one.created_at);

/** The archive: what was sent by whom, and what is still planned. */
export default function Messages() {
  const { query } = at.value;
  const wanted: WantedMessages = {
    search_number: query.get('number') ?? '',
    from: query.get('from') ?? '',
    until: query.get('until') ?? '',
    kind: query.get('kind') ?? '',
  };
  const pages = usePages(`messages?${new URLSearchParams({ ...wanted })}`, (cursor) => messages(wanted, cursor));
  useEffect(() => whenAccepted(['message', 'alert'], () => void pages.reload()), []);
  const words = t();
  const { items, first } = pages;
  const filtered = Object.values(wanted).some(Boolean);
  return (
    <Page
      title={words.title}
      about={
        first.fetched_ms.value !== null && (
          <>
            {words.updated} <Age at={first.fetched_ms.value} />
          </>
        )
      }
      busy={first.loading.value && items !== null}
      wide
      actions={
        <>
          {may('messaging_settings.edit', 'all') && <ButtonLink href="/messages/settings">{words.settings.title}</ButtonLink>}
          {may('template.read', 'all') && <ButtonLink href="/messages/templates">{words.templates}</ButtonLink>}
          {may('message.send', 'all') && (
            <ButtonLink look="primary" icon="add" href="/messages/new">
              {words.write}
            </ButtonLink>
          )}
        </>
      }
    >
      <Waiting />
      <Filters wanted={wanted} />
      {items === null &&
        (first.failure.value === null ? (
          <Skeleton lines={8} />
        ) : (
          <ErrorState explained={explain(first.failure.value)} onRetry={() => void first.refresh()} />
        ))}
      {items?.length === 0 &&
        (filtered ? (
          <Empty
            icon="search"
            title={words.nothing.title}
            action={<Button onClick={() => setQuery({ number: null, from: null, until: null, kind: null })}>{words.nothing.action}</Button>}
          >
            {words.nothing.text}
          </Empty>
        ) : (
          <Empty icon="mail" title={words.empty.title}>
            {words.empty.text}
          </Empty>
        ))}
      {items && items.length > 0 && (
        <Table
          caption={words.title}
          rows={items}
          rowKey={(one) => one.id}
          href={(one) => (one.kind === 'alert' ? `/alerts/${one.id}` : `/messages/${one.id}`)}
          columns={[
            { key: 'subject', head: words.subject, cell: (one) => one.subject || words.nameless },
            {
              key: 'kind',
              head: words.kind,
              cell: (one) => (
                <>
                  {words.kinds[one.kind]}{' '}
                  {one.exercise !== 'actual' && <Status tone="info">{messagingWords().exercises[one.exercise]}</Status>}
                </>
              ),
            },
            {
              key: 'stage',
              head: words.stage,
              cell: (one) => <Status tone={STAGE_TONES[one.stage] ?? 'neutral'}>{stageOf(one)}</Status>,
            },
            { key: 'when', head: words.when, cell: whenOf },
            { key: 'sender', head: words.sender, cell: (one) => one.sender },
            { key: 'people', head: words.people, align: 'end', cell: (one) => one.people },
          ]}
        />
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
