/**
 * What it says: the second step. One press on a ready text hands the alert over, and its countdown begins; whoever pressed the wrong one cancels
 * there. An organization without a countdown is asked first.
 */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { previewAlert, SEVERITIES } from '../../api/alerts';
import type { Severity, Texts } from '../../api/messaging-types';
import { connection } from '../../api';
import { navigate } from '../../app/router';
import { serverTime_ms } from '../../offline/clock';
import { StorageFull } from '../../offline/outbox';
import { emptyTexts, isWritten, textFor, TextsEditor, usePreview } from '../../messaging';
import { KindBand, SeverityMark } from '../../messaging/alert-kind';
import { t as kindWords } from '../../messaging/alert-words';
import { choices } from '../../messaging/target';
import { Button, ButtonLink, Icon, Notice, Page, Select } from '../../ui';
import './alerts.css';
import { bodyOf, change, type Draft, draft, type Said, USUAL } from './draft';
import { saidOf } from './said';
import { SHORT_TEXTS } from './short-texts';
import { beginAnew, countdown_s, hand, isSure, openSettings, prepared } from './store';
import { Sum } from './sum';
import { t } from './words';

interface Ready {
  key: string;
  texts: Texts;
  said: Said;
  severity: Severity;
}

/** The organization's own templates first; then what is there before anybody prepared any. */
function readyTexts(): Ready[] {
  const own = (prepared().value.value ?? [])
    .filter((template) => template.fields.length === 0)
    .map(({ id, texts }) => ({ key: id, texts, said: { template: { id, fields: {} } }, severity: USUAL }));
  return [...own, ...SHORT_TEXTS.map(({ key, texts, severity }) => ({ key, texts, said: { texts }, severity }))];
}

async function send(from: Draft, severity: Severity): Promise<void> {
  const body = bodyOf({ ...from, severity: from.severity ?? severity }, serverTime_ms());
  if (!body) return;
  if (await isSure()) await hand(body);
}

function ReadyCard({ ready, onSend }: { ready: Ready; onSend: () => void }) {
  const { subject, body } = textFor(ready.texts);
  return (
    <li>
      <button type="button" class={`ready ${draft.value.exercise}`} onClick={onSend}>
        <span class="ready-text">
          <strong>{subject}</strong>
          <span class="small">{body}</span>
          <SeverityMark severity={draft.value.severity ?? ready.severity} />
        </span>
        <span class="ready-go">
          <Icon name="siren" />
          {t().send}
        </span>
      </button>
    </li>
  );
}

function Own({ onSend }: { onSend: (texts: Texts) => void }) {
  const words = t();
  const texts = useSignal<Texts>(emptyTexts());
  return (
    <details class="own-text">
      <summary>
        <Icon name="edit" />
        <strong>{words.ownText}</strong>
      </summary>
      <div class="stack">
        <TextsEditor value={texts.value} onValue={(value) => (texts.value = value)} />
        <Button
          look={draft.value.exercise === 'actual' ? 'danger' : 'primary'}
          icon="siren"
          disabled={!isWritten(texts.value)}
          onClick={() => onSend(texts.value)}
        >
          {words.sendOwn}
        </Button>
      </div>
    </details>
  );
}

export default function What() {
  const words = t();
  const now = draft.value;
  const full = useSignal(false);
  const isAimed = choices(now.chosen) > 0;
  useEffect(() => {
    beginAnew();
    if (choices(draft.peek().chosen) === 0) navigate('/alert', { replace: true });
    else {
      void prepared().open();
      openSettings();
    }
  }, []);
  const sample = bodyOf({ ...now, said: { texts: SHORT_TEXTS[0]!.texts } }, 0);
  const counted = usePreview(sample && JSON.stringify(sample), () => previewAlert(sample!));
  const dispatch = (said: Said, severity: Severity) =>
    void send({ ...draft.peek(), said }, severity).catch((error: unknown) => {
      if (!(error instanceof StorageFull)) throw error;
      full.value = true;
    });
  if (!isAimed) return null;
  return (
    <Page title={words.whatTitle} back={{ href: '/alert', label: words.title }}>
      <KindBand exercise={now.exercise}>{words.to(saidOf(now.chosen))}</KindBand>
      <Sum counted={counted} />
      {connection.value !== 'online' && <Notice tone="warn">{words.offline}</Notice>}
      {full.value && <Notice tone="bad">{words.full}</Notice>}
      <section class="stack">
        <div>
          <h2>{words.readyTitle}</h2>
          <p class="muted">{countdown_s.value === 0 ? words.readyAtOnce : words.readyAbout}</p>
        </div>
        <ul class="ready-list">
          {readyTexts().map((ready) => (
            <ReadyCard key={ready.key} ready={ready} onSend={() => dispatch(ready.said, ready.severity)} />
          ))}
        </ul>
        <Select
          name="severity"
          label={words.severity}
          value={now.severity ?? ''}
          options={[
            { value: '', label: words.severityOfText },
            ...SEVERITIES.map((severity) => ({ value: severity, label: kindWords().severities[severity] })),
          ]}
          onValue={(severity) => change({ severity: severity === '' ? null : (severity as Severity) })}
        />
        <Own onSend={(texts) => dispatch({ texts }, USUAL)} />
      </section>
      <div class="actions start">
        <ButtonLink look="quiet" icon="settings" href="/alert/more">
          {words.more}
        </ButtonLink>
      </div>
    </Page>
  );
}
