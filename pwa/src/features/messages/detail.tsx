import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain, isFailure } from '../../api';
import { cancelMessage, type MessageOut } from '../../api/messaging';
import type { ScreenProps } from '../../app/router';
import { may } from '../../app/session';
import { formatDateTime, formatList } from '../../i18n';
import { messagingWords, textFor } from '../../messaging';
import {
  Age,
  Button,
  ButtonLink,
  confirm,
  type Explained,
  ErrorState,
  Facts,
  FormProblem,
  Notice,
  Page,
  Section,
  Skeleton,
  Status,
  toast,
} from '../../ui';
import { Deliveries } from './deliveries';
import { STAGE_TONES } from './index';
import { isPlanned, message, stageOf, unsent } from './store';
import { t } from './words';
import './messages.css';

const UNDER_WAY_MS = 5_000;

function Counts({ of }: { of: MessageOut }) {
  const words = t().detail;
  const { people, handed_over, delivered, failed, unknown } = of.counts;
  const said = [
    [words.people, people],
    [words.handedOver, handed_over],
    [words.delivered, delivered],
    [words.failed, failed],
    [words.unknown, unknown],
  ] as const;
  return (
    <dl class="counts">
      {said.map(([name, count]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{count}</dd>
        </div>
      ))}
    </dl>
  );
}

function Texts({ of }: { of: MessageOut }) {
  const written = Object.entries(of.texts);
  if (written.length === 0) return <p class="muted">{t().detail.textGone}</p>;
  return (
    <>
      {written.map(([locale, { subject, body }]) => (
        <div key={locale} class="stack tight">
          {written.length > 1 && <p class="muted small">{messagingWords().languages[locale] ?? locale}</p>}
          {subject && written.length > 1 && <strong>{subject}</strong>}
          <p class="as-typed" lang={locale}>
            {body}
          </p>
        </div>
      ))}
    </>
  );
}

/** One message: what it said, what became of it, and who was reached by what. */
export default function MessageDetail({ params }: ScreenProps) {
  const id = params['message_id'] ?? '';
  const asked = message(id);
  const trouble = useSignal<Explained | null>(null);
  const turn = useSignal(0);
  const refresh = () => asked.refresh().then(() => void (turn.value += 1));
  useEffect(() => {
    void asked.open();
    const again = setInterval(() => {
      const stage = asked.value.peek()?.stage;
      if (document.visibilityState === 'visible' && stage !== 'cancelled') void refresh();
    }, UNDER_WAY_MS);
    return () => clearInterval(again);
  }, [id]);
  const words = t().detail;
  const back = { href: '/messages', label: t().title };
  const of = asked.value.value;
  if (!of) {
    const waiting = unsent().some((entry) => entry.key === id);
    return (
      <Page title={t().title} back={back}>
        {waiting ? (
          <Notice tone="warn" actions={<a href="/outbox">{t().look}</a>}>
            {words.waits}
          </Notice>
        ) : asked.failure.value === null ? (
          <Skeleton lines={6} />
        ) : (
          <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
        )}
      </Page>
    );
  }
  const cancel = async () => {
    if (!(await confirm({ title: words.cancelTitle, text: words.cancelText, action: words.cancel, danger: true }))) return;
    trouble.value = null;
    try {
      await cancelMessage(id);
      toast(words.cancelled);
    } catch (error) {
      if (!isFailure(error)) throw error;
      trouble.value = explain(error);
    }
    await refresh();
  };
  const channels = messagingWords().channels;
  return (
    <Page
      title={textFor(of.texts).subject || t().nameless}
      back={back}
      busy={asked.loading.value && asked.failure.value !== null}
      about={
        asked.fetched_ms.value !== null && (
          <>
            {t().updated} <Age at={asked.fetched_ms.value} />
          </>
        )
      }
      actions={
        <>
          {of.asks_reply && may('reply.read', 'all') && <ButtonLink href={`/replies?message=${id}`}>{words.replies}</ButtonLink>}
          {of.stage === 'scheduled' && may('message.send', 'all') && <Button onClick={() => void cancel()}>{words.cancel}</Button>}
        </>
      }
    >
      <FormProblem explained={trouble.value} />
      <Section>
        <div class="row wrap">
          <Status tone={STAGE_TONES[of.stage] ?? 'neutral'}>{stageOf(of)}</Status>
          {of.exercise !== 'actual' && <Status tone="info">{messagingWords().exercises[of.exercise]}</Status>}
        </div>
        <Texts of={of} />
        <Facts
          of={[
            [t().sender, of.sender],
            [words.written, formatDateTime(of.created_at)],
            [isPlanned(of) ? words.plannedFor : words.sentAt, when(of)],
            [words.channels, formatList(of.channels.map((channel) => channels[channel]))],
          ]}
        />
      </Section>
      {of.stage !== 'scheduled' && of.stage !== 'cancelled' && (
        <Section title={words.became} about={words.becameAbout}>
          <Counts of={of} />
          <Deliveries id={id} turn={turn.value} />
        </Section>
      )}
    </Page>
  );
}

function when(of: MessageOut): string | null {
  if (isPlanned(of) && of.due_at) {
    return of.in_their_zone ? t().compose.dueTheirs(formatDateTime(of.due_at)) : formatDateTime(of.due_at);
  }
  return of.active_at && formatDateTime(of.active_at);
}
