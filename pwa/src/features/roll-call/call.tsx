/** One roll call: who is accounted for, marking, adding, notes, the end and the report. All of it works without a network. */
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { connection, explain, isFailure } from '../../api';
import { at, type ScreenProps, setQuery } from '../../app/router';
import { formatSince } from '../../i18n';
import { line } from '../../live/stream';
import { entries } from '../../offline/outbox';
import { reportAddress } from '../../rollcall/api';
import { follow } from '../../rollcall/follow';
import { type Standing, STANDINGS } from '../../rollcall/merge';
import { shown } from '../../rollcall/own';
import { callOf, end, ownOf } from '../../rollcall/store';
import type { RollCall } from '../../rollcall/types';
import { Age, Button, ButtonLink, confirm, Empty, ErrorState, Notice, Page, Search, Skeleton, Status } from '../../ui';
import { Add } from './add';
import { isResponder, List } from './list';
import { isFull, last, stored, undo } from './marking';
import { Notes } from './notes';
import { Paper, printSheet } from './paper';
import { nameOf } from './person';
import './roll-call.css';
import { found, inOrder, type Row, rowsOf, tallied } from './rows';
import { siteNames } from './sites';
import { Tally } from './tally';
import { t } from './words';

function Freshness({ id }: { id: string }) {
  const words = t();
  const since = callOf(id).fetched_ms.value;
  if (line.value === 'live') return <Status tone="good">{words.live}</Status>;
  return (
    <>
      {words.notLive} {since !== null && words.asOf} {since !== null && <Age at={since} />}
    </>
  );
}

/** What of this device is not with the server, and what it did not take. */
function Mine({ id }: { id: string }) {
  const words = t();
  const mine = entries.value.filter(({ kind, subject }) => kind.startsWith('roll_call') && subject === id);
  const refused = mine.filter(({ state }) => state === 'refused' || state === 'conflict').length;
  const waiting = mine.filter(({ state }) => state === 'waiting' || state === 'sending' || state === 'sign_in').length;
  const look = <a href="/outbox">{words.look}</a>;
  return (
    <>
      {isFull.value && (
        <Notice tone="bad" title={words.full.title}>
          {words.full.next}
        </Notice>
      )}
      {refused > 0 && (
        <Notice tone="bad">
          {words.refused(refused)} {look}
        </Notice>
      )}
      {connection.value !== 'online' && <Notice tone="warn">{words.offlineList}</Notice>}
      {waiting > 0 && connection.value !== 'online' && <p class="muted small">{words.waiting(waiting)}</p>}
    </>
  );
}

/** What was done last, and the way back; within reach of a thumb. */
function Last({ id }: { id: string }) {
  const done = last.value?.call_id === id ? last.value : null;
  return (
    <div class="roll-last" role="status">
      {done && (
        <>
          <span>{done.text}</span>
          {done.slip && (
            <Button look="quiet" icon="undo" onClick={() => void undo()}>
              {t().undo}
            </Button>
          )}
        </>
      )}
    </div>
  );
}

async function finish(call: RollCall, open: number): Promise<void> {
  const words = t().end;
  const text = [open > 0 ? words.open(open) : '', words.text].filter(Boolean).join(' ');
  if (await confirm({ title: words.title, text, action: words.action, danger: open > 0 })) await stored(() => end(call.id));
}

const titleOf = (call: RollCall) => [t().title, [...siteNames(call.sites, call.site_ids).values()]].flat().join(' · ');

function Actions({ call, rows, open }: { call: RollCall; rows: readonly Row[]; open: number }) {
  const words = t();
  const paper = () =>
    printSheet({
      title: `${titleOf(call)} · ${words.exercises[call.exercise]}`,
      at: new Date().toISOString(),
      sites: siteNames(call.sites),
      people: rows.map(({ entry, stands }) => ({ of: entry, stands })),
    });
  return (
    <>
      <Button icon="list" onClick={paper}>
        {words.print}
      </Button>
      {call.ended_at === null && isResponder() && (
        <Button icon="check" onClick={() => void finish(call, open)}>
          {words.end.button}
        </Button>
      )}
      {call.ended_at !== null && (
        <>
          <ButtonLink icon="download" href={reportAddress(call.id, 'pdf')} download="">
            {words.pdf}
          </ButtonLink>
          <ButtonLink icon="download" href={reportAddress(call.id, 'csv')} download="">
            {words.csv}
          </ButtonLink>
        </>
      )}
    </>
  );
}

function Call({ call }: { call: RollCall }) {
  const words = t();
  const adding = useSignal(false);
  const { query } = at.value;
  const text = query.get('q') ?? '';
  const show: Standing | '' = STANDINGS.find((one) => one === query.get('show')) ?? '';
  const ordered = useMemo(() => inOrder(call.entries), [call.entries]);
  const rows = useMemo(() => rowsOf(ordered, call.marks), [ordered, call.marks]);
  const counts = useMemo(() => tallied(rows), [rows]);
  const some = useMemo(() => found(rows, text, show), [rows, text, show]);
  const names = [...new Set(call.marks.map(({ responder_id }) => nameOf(call, responder_id)).filter(Boolean))];
  return (
    <Page
      title={titleOf(call)}
      back={{ href: '/roll-call', label: words.back }}
      about={
        <>
          <Freshness id={call.id} /> {words.began(formatSince(call.started_at))}. {names.length > 0 && words.responders(names.join(', '))}
        </>
      }
      actions={<Actions call={call} rows={rows} open={counts.open} />}
      wide
    >
      {call.exercise === 'exercise' && (
        <Notice tone="info">
          <strong>{words.isExercise}</strong>
        </Notice>
      )}
      {call.ended_at !== null && <Notice tone="neutral">{words.isOver(formatSince(call.ended_at))}</Notice>}
      <Mine id={call.id} />
      <Tally counts={counts} total={rows.length} />
      <div class="roll-find">
        <Search label={words.search} value={text} onValue={(q) => setQuery({ q: q || null })} />
        {isResponder() && (
          <Button icon="add" onClick={() => (adding.value = true)}>
            {words.add.button}
          </Button>
        )}
      </div>
      {some.length === 0 ? (
        <Empty
          icon="search"
          title={rows.length === 0 ? words.nobody : words.nothingFound}
          action={rows.length > 0 && <Button onClick={() => setQuery({ q: null, show: null })}>{words.showAll}</Button>}
        >
          {rows.length === 0 ? words.nobodyText : words.nothingFoundText}
        </Empty>
      ) : (
        <List call={call} rows={some} readOnly={!isResponder()} />
      )}
      <Notes call={call} readOnly={!isResponder()} />
      {call.message_id !== null && <a href={`/alerts/${call.message_id}`}>{words.alert}</a>}
      <Last id={call.id} />
      {adding.value && <Add call={call} onClose={() => (adding.value = false)} />}
      <Paper />
    </Page>
  );
}

export default function RollCallScreen({ params }: ScreenProps) {
  const id = params['roll_call_id'] ?? '';
  const words = t();
  const asked = callOf(id);
  const own = ownOf(id).value;
  useEffect(() => follow(id), [id]);
  const theirs = asked.value.value;
  const call = useMemo(() => shown(id, theirs, own), [id, theirs, own]);
  if (call) return <Call call={call} />;
  const failure = asked.failure.value;
  return (
    <Page title={words.title} back={{ href: '/roll-call', label: words.back }}>
      {isFailure(failure) && failure.status === 404 ? (
        <Empty icon="list" title={words.gone.title}>
          {words.gone.text}
        </Empty>
      ) : failure ? (
        <ErrorState explained={explain(failure)} onRetry={() => void asked.refresh()} />
      ) : (
        <Skeleton lines={8} />
      )}
    </Page>
  );
}
