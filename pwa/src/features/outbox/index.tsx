import { explain, Failure } from '../../api';
import { formatSince } from '../../i18n';
import { discard, entries, retry, type Entry } from '../../offline/outbox';
import { Button, confirm, Empty, Page, Section, Status, toast, type Tone } from '../../ui';
import { t } from './words';

const TONES: Record<Entry['state'], Tone> = {
  waiting: 'warn',
  sending: 'info',
  sign_in: 'warn',
  accepted: 'good',
  refused: 'bad',
  conflict: 'bad',
};

const name = ({ kind, body }: Entry) => (kind === 'punch' && t().ways[String(body?.['kind'])]) || t().kinds[kind] || kind;

const isTooOld = ({ state, problem }: Entry) => state === 'conflict' && problem?.type === '/problems/alert-too-old';

/** What the server said of it, in words; fields that were wrong too. */
function reasons(entry: Entry): string[] {
  if (!entry.problem) return entry.held ? [t().held[entry.held]] : [];
  const { errors, ...said } = entry.problem;
  const problem = { title: '', status: 422, detail: '', request_id: '', ...said, errors: errors ?? null };
  const { title, next, fields } = explain(new Failure('refused', problem));
  return [title, ...(fields.size > 0 ? fields.values() : [next])];
}

async function giveUp(entry: Entry): Promise<void> {
  const text = entry.uncertain ? t().discardUncertain : t().discardText;
  if (!(await confirm({ title: t().discardTitle, text, action: t().discard, danger: true }))) return;
  toast((await discard(entry.key)) ? t().discarded : t().tooLate);
}

function Line({ entry }: { entry: Entry }) {
  const words = t();
  const settled = entry.state === 'accepted' || entry.state === 'sending';
  return (
    <li class="stack tight">
      <div class="row spread">
        <strong>{name(entry)}</strong>
        <Status tone={TONES[entry.state]}>{isTooOld(entry) ? words.tooOld : words.states[entry.state]}</Status>
      </div>
      <p class="muted small">{formatSince(entry.made_ms)}</p>
      {reasons(entry).map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
      {entry.doubtful && <p class="small">{words.doubtful}</p>}
      {entry.kind === 'alert' && <a href={`/alerts/${entry.key}`}>{words.look}</a>}
      {!settled && (
        <div class="actions start">
          {entry.state !== 'conflict' && (
            <Button icon="refresh" onClick={() => void retry(entry.key)}>
              {words.retry}
            </Button>
          )}
          <Button icon="trash" onClick={() => void giveUp(entry)}>
            {words.discard}
          </Button>
        </div>
      )}
    </li>
  );
}

/** The outbox of this device: what has not arrived, what was not accepted, and what arrived today. */
export default function Outbox() {
  const latestFirst = [...entries.value].reverse();
  return (
    <Page title={t().title} about={t().about}>
      {latestFirst.length === 0 ? (
        <Empty icon="check" title={t().empty}>
          {t().emptyText}
        </Empty>
      ) : (
        <Section>
          <ul class="lines">
            {latestFirst.map((entry) => (
              <Line key={entry.key} entry={entry} />
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}
