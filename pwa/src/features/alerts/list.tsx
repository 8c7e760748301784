/** Alerts: what goes on, what waits (for a second person, as a draft, on this device), and what was. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { type AlertLine, fromCap } from '../../api/alerts';
import { at, navigate, setQuery } from '../../app/router';
import { may, me } from '../../app/session';
import { formatSince } from '../../i18n';
import { line, listen } from '../../live/stream';
import { messagingWords } from '../../messaging';
import { KindMark, SeverityMark } from '../../messaging/alert-kind';
import { entries, whenAccepted } from '../../offline/outbox';
import { usePages } from '../../people';
import {
  Age,
  Button,
  ButtonLink,
  Empty,
  ErrorState,
  type Explained,
  FormProblem,
  Page,
  Skeleton,
  Status,
  Table,
  Tabs,
  toast,
  type Tone,
} from '../../ui';
import './alerts.css';
import { listOf } from './store';
import { t } from './words';

type Part = 'now' | 'drafts' | 'past';
const STAGE_TONES: Record<string, Tone> = { active: 'bad', countdown: 'warn', approval: 'warn', draft: 'neutral', ended: 'good' };
const PART_OF: Record<string, Part> = { active: 'now', countdown: 'now', approval: 'now', scheduled: 'now', draft: 'drafts' };
const partOf = (line: AlertLine): Part => PART_OF[line.stage] ?? 'past';
const HERE: Record<Part, 'none' | 'noDrafts' | 'noPast'> = { now: 'none', drafts: 'noDrafts', past: 'noPast' };

function Stage({ line }: { line: AlertLine }) {
  const isMine = line.stage === 'approval' && may('alert.send', 'all') && line.sender_id !== me.value?.person_id;
  return (
    <>
      <Status tone={STAGE_TONES[line.stage] ?? 'neutral'}>{isMine ? t().list.needsYou : messagingWords().stages[line.stage]}</Status>
      {line.cap_identifier && (
        <>
          {' '}
          <Status>{t().list.fromCap}</Status>
        </>
      )}
    </>
  );
}

function Lines({ lines }: { lines: readonly AlertLine[] }) {
  const words = t().list;
  return (
    <Table
      caption={words.title}
      rows={lines}
      rowKey={(line) => line.id}
      href={(line) => `/alerts/${line.id}`}
      columns={[
        { key: 'alert', head: words.alert, cell: (one) => one.subject || words.untitled },
        {
          key: 'kind',
          head: t().kind,
          bare: true,
          cell: (one) => (
            <span class="row wrap">
              <KindMark exercise={one.exercise} />
              <SeverityMark severity={one.severity} />
            </span>
          ),
        },
        { key: 'stage', head: words.stage, cell: (one) => <Stage line={one} /> },
        { key: 'sender', head: words.sender, cell: (one) => one.sender ?? '' },
        { key: 'when', head: words.when, cell: (one) => formatSince(one.active_at ?? one.created_at), align: 'end' },
      ]}
    />
  );
}

/** What was sent from here and is not with the server yet: an alert that waits must not be overlooked. */
function Waiting() {
  const mine = entries.value.filter(({ kind, state }) => (kind === 'alert' || kind === 'alert_draft') && state !== 'accepted');
  if (mine.length === 0) return null;
  return (
    <ul class="lines">
      {mine.map(({ key, body, made_ms }) => {
        const texts = (body?.['texts'] ?? {}) as Record<string, { subject: string }>;
        return (
          <li key={key} class="row spread">
            <a href={`/alerts/${key}`}>{Object.values(texts)[0]?.subject ?? t().list.untitled}</a>
            <span class="row">
              <Status tone="warn" icon="wait">
                {t().list.waiting}
              </Status>
              <span class="muted small">{formatSince(made_ms)}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function FromCap() {
  const words = t().list;
  const busy = useSignal(false);
  const wrong = useSignal<Explained | null>(null);
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (!file) return;
    [busy.value, wrong.value] = [true, null];
    try {
      const { id } = await fromCap(await file.text());
      toast(words.imported);
      navigate(`/alerts/${id}`);
    } catch (failure) {
      const said = explain(failure);
      wrong.value = { ...said, next: [...said.fields.values()].join(' ') || said.next };
    }
    busy.value = false;
    input.value = '';
  };
  return (
    <div class="stack">
      <FormProblem explained={wrong.value} />
      <div class="row wrap">
        <label class="button file-button">
          {words.importCap}
          <input
            class="unseen"
            type="file"
            accept=".xml,.cap,application/cap+xml,text/xml"
            disabled={busy.value}
            onChange={(event) => void take(event.currentTarget)}
          />
        </label>
        <span class="hint">{words.importHint}</span>
      </div>
    </div>
  );
}

export default function List() {
  const words = t().list;
  const show = (at.value.query.get('show') ?? 'now') as Part;
  const { items, first, failure, more, busy, reload } = usePages(
    show === 'drafts' ? 'alerts/drafts' : 'alerts',
    listOf(show === 'drafts' ? 'draft' : null),
  );
  useEffect(() => {
    const stops = [
      whenAccepted(['alert', 'alert_draft'], () => void reload()),
      listen({ kind: 'alert', onNews: () => void reload(), onFresh: () => void reload() }),
    ];
    return () => stops.forEach((stop) => stop());
  }, []);
  const lines = (items ?? []).filter((line) => partOf(line) === show);
  const wrong = failure ?? first.failure.value;
  return (
    <Page
      title={words.title}
      about={
        <>
          {words.about}{' '}
          {first.fetched_ms.value && line.value !== 'live' && (
            <>
              {words.asOf} <Age at={first.fetched_ms.value} />
            </>
          )}
        </>
      }
      busy={first.loading.value && items !== null}
      actions={
        may('alert.send', 'all') && (
          <ButtonLink look="primary" icon="siren" href="/alert">
            {words.make}
          </ButtonLink>
        )
      }
    >
      <Waiting />
      <Tabs
        label={words.parts}
        current={show}
        tabs={(['now', 'drafts', 'past'] as const).map((id) => ({ id, label: words[id] }))}
        onChange={(id) => setQuery({ show: id === 'now' ? null : id })}
      >
        {items === null ? (
          wrong ? (
            <ErrorState explained={explain(wrong)} onRetry={() => void first.refresh()} />
          ) : (
            <Skeleton />
          )
        ) : lines.length > 0 ? (
          <Lines lines={lines} />
        ) : (
          <Empty icon="bell" title={words[HERE[show]]}>
            {words[`${HERE[show]}Text`]}
          </Empty>
        )}
        {show === 'drafts' && may('alert.send', 'all') && <FromCap />}
        {more && (
          <Button busy={busy} onClick={() => void more()}>
            {words.more}
          </Button>
        )}
      </Tabs>
    </Page>
  );
}
