/** An alert that is still in the outbox of this device: on its way, held up, or too old to be sent unasked. */
import { explain, Failure } from '../../api';
import type { AlertIn } from '../../api/alerts';
import { navigate } from '../../app/router';
import { formatSince } from '../../i18n';
import { textFor } from '../../messaging';
import { KindBand, SeverityMark } from '../../messaging/alert-kind';
import { discard, type Entry, retry, write } from '../../offline/outbox';
import { Button, confirm, Notice, Page, Progress, toast } from '../../ui';
import './board.css';
import { t } from './words';

export const isTooOld = ({ state, problem }: Entry): boolean => state === 'conflict' && problem?.type === '/problems/alert-too-old';

async function giveUp(entry: Entry): Promise<void> {
  const words = t();
  if (
    entry.uncertain &&
    !(await confirm({ title: words.drop.title, text: words.pending.uncertain, action: words.drop.action, danger: true }))
  )
    return;
  const isGone = await discard(entry.key);
  toast(isGone ? words.pending.dropped : words.pending.tooLate);
  if (isGone) navigate('/alerts', { replace: true });
}

/** Asked again, and still meant: it is a new alert of this moment. The old one never reached the server. */
async function sendAnew(entry: Entry): Promise<void> {
  if (!entry.body || !(await discard(entry.key))) return;
  const { key } = await write('alert', entry.body);
  navigate(`/alerts/${key}`, { replace: true });
}

function refusal(entry: Entry) {
  const problem = {
    title: '',
    status: 422,
    detail: '',
    request_id: '',
    ...entry.problem,
    type: entry.problem?.type ?? '',
    errors: entry.problem?.errors ?? null,
  };
  const said = explain(new Failure('refused', problem));
  return { title: said.title, next: [...said.fields.values()].join(' ') || said.next };
}

export function Pending({ entry }: { entry: Entry }) {
  const words = t().pending;
  const body = entry.body as AlertIn | null;
  const text = body?.texts ? textFor(body.texts) : null;
  const isOnWay = entry.state === 'sending' || (entry.state === 'waiting' && entry.held === null);
  const drop = (
    <Button icon="trash" disabled={entry.state === 'sending'} onClick={() => void giveUp(entry)}>
      {t().drop.action}
    </Button>
  );
  return (
    <Page title={text?.subject ?? words.title} back={{ href: '/alerts', label: t().back }}>
      {body && (
        <KindBand exercise={body.exercise}>
          <SeverityMark severity={body.severity} />
        </KindBand>
      )}
      {isTooOld(entry) ? (
        <Notice
          tone="warn"
          title={words.tooOld}
          actions={
            <>
              {drop}
              <Button look={body?.exercise === 'actual' ? 'danger' : 'primary'} icon="siren" onClick={() => void sendAnew(entry)}>
                {words.sendAnew}
              </Button>
            </>
          }
        >
          {words.tooOldText(formatSince(entry.made_ms))}
        </Notice>
      ) : entry.state === 'refused' || entry.state === 'conflict' ? (
        <Notice tone="bad" title={refusal(entry).title} actions={drop}>
          {refusal(entry).next}
        </Notice>
      ) : isOnWay ? (
        <div role="status" class="stack">
          <Progress label={words.handing} />
          <p>{words.handing} …</p>
        </div>
      ) : (
        <Notice
          tone="warn"
          title={words.waits}
          actions={
            <>
              {drop}
              <Button icon="refresh" onClick={() => void retry(entry.key)}>
                {words.retry}
              </Button>
            </>
          }
        >
          {entry.state === 'sign_in' ? words.signIn : words.waitsText(formatSince(entry.made_ms))}
        </Notice>
      )}
      {text && <p>{text.body}</p>}
    </Page>
  );
}
