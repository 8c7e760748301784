/** Before anybody was told: a draft, and an alert that waits for a second person. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { type Act, act, type Alert, previewAlert } from '../../api/alerts';
import { hasModule, may, me } from '../../app/session';
import { formatSince } from '../../i18n';
import { currentFences } from '../../map';
import { textFor, usePreview } from '../../messaging';
import { KindBand, SeverityMark } from '../../messaging/alert-kind';
import { serverTime_ms } from '../../offline/clock';
import { groups, sites } from '../../people';
import { Button, ButtonLink, confirm, type Explained, FormProblem, Notice, Page, Section } from '../../ui';
import { bodyOf, draftOf } from '../alerts/draft';
import { saidOf } from '../alerts/said';
import { Sum } from '../alerts/sum';
import '../alerts/alerts.css';
import './board.css';
import { alertOf } from './store';
import { t } from './words';

function useAct(alert: Alert) {
  const busy = useSignal<Act | null>(null);
  const wrong = useSignal<Explained | null>(null);
  const run = async (what: Act) => {
    [busy.value, wrong.value] = [what, null];
    try {
      await act(alert.id, what);
    } catch (failure) {
      const said = explain(failure);
      wrong.value = { ...said, next: [...said.fields.values()].join(' ') || said.next };
    }
    await alertOf(alert.id).refresh();
    busy.value = null;
  };
  return { busy: busy.value, wrong: wrong.value, run };
}

/** Whom it is for, and how many that are at this moment: nobody lets go what they cannot see. */
function Who({ alert }: { alert: Alert }) {
  const words = t();
  const draft = draftOf(alert, '', serverTime_ms());
  const body = bodyOf({ ...draft, kept: draft.kept && { ...draft.kept, expires_at: null } }, serverTime_ms());
  const counted = usePreview(body && JSON.stringify(body), () => previewAlert(body!));
  useEffect(() => {
    void groups().open();
    void sites().open();
    if (hasModule('geofence')) void currentFences().open();
  }, []);
  return (
    <Section title={words.who}>
      <p>{draft.kept?.target ? words.whoKept : saidOf(draft.chosen)}</p>
      <Sum counted={counted} />
    </Section>
  );
}

export function Before({ alert }: { alert: Alert }) {
  const words = t();
  const { busy, wrong, run } = useAct(alert);
  const { subject, body } = textFor(alert.texts);
  const isDraft = alert.stage === 'draft';
  const isOwn = alert.sender_id === me.value?.person_id;
  const look = alert.exercise === 'actual' ? 'danger' : 'primary';
  const cancel = async () => {
    if (await confirm({ title: words.drop.title, text: words.drop.text, action: words.drop.action, danger: true }))
      await run('cancellation');
  };
  return (
    <Page title={subject} back={{ href: isDraft ? '/alerts?show=drafts' : '/alerts', label: words.back }}>
      <KindBand exercise={alert.exercise}>
        <SeverityMark severity={alert.severity} />
      </KindBand>
      {isDraft ? (
        <Notice>{words.draft}</Notice>
      ) : (
        <Notice tone="warn" title={words.approval.title}>
          {isOwn ? words.approval.own : words.approval.other(alert.sender ?? '', formatSince(alert.created_at))}
        </Notice>
      )}
      <FormProblem explained={wrong} />
      <Section title={words.text}>
        {Object.entries(alert.texts).map(([locale, text]) => (
          <div key={locale} lang={locale} class="stack tight">
            {text.subject !== subject && <strong>{text.subject}</strong>}
            <p>{text.body || body}</p>
          </div>
        ))}
      </Section>
      {may('alert.send', 'all') && <Who alert={alert} />}
      <div class="actions start">
        {isDraft && may('alert.send', 'all') && (
          <Button look={look} icon="siren" busy={busy === 'activation'} onClick={() => void run('activation')}>
            {words.activate}
          </Button>
        )}
        {isDraft && may('alert.send', 'all') && (
          <ButtonLink icon="edit" href={`/alert/more?draft=${alert.id}`}>
            {words.change}
          </ButtonLink>
        )}
        {!isDraft && !isOwn && may('alert.send', 'all') && (
          <>
            <Button look={look} icon="check" busy={busy === 'approval'} onClick={() => void run('approval')}>
              {words.approval.approve}
            </Button>
            <Button icon="close" busy={busy === 'refusal'} onClick={() => void run('refusal')}>
              {words.approval.refuse}
            </Button>
          </>
        )}
        {(isDraft || isOwn) && may('alert.send', 'all') && (
          <Button icon="trash" busy={busy === 'cancellation'} onClick={() => void cancel()}>
            {words.drop.action}
          </Button>
        )}
      </div>
    </Page>
  );
}
