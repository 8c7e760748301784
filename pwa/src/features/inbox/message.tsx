import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { type MineOut, REPLIES, type ReplyKind } from '../../api/messaging';
import type { ScreenProps } from '../../app/router';
import { formatDateTime, formatSince } from '../../i18n';
import { messagingWords } from '../../messaging';
import { type Entry, StorageFull, whenAccepted } from '../../offline/outbox';
import { Button, Empty, ErrorState, Notice, Page, Section, Skeleton, TextField } from '../../ui';
import { keepFresh } from './fresh';
import { Marks } from './index';
import { answerWith, markOpened, mine, onItsWay } from './store';
import { t } from './words';
import './inbox.css';

const ICONS = { safe: 'check', need_help: 'alert', on_my_way: 'arrowRight' } as const;

function standing(entry: Entry, what: string): string {
  const words = t();
  if (entry.state === 'sending') return words.sending(what);
  if (entry.state === 'sign_in') return words.waitsSignIn(what);
  return entry.state === 'waiting' ? words.waits(what, formatSince(entry.made_ms)) : words.refused(what);
}

function Answer({ of }: { of: MineOut }) {
  const words = t();
  const text = useSignal('');
  const full = useSignal(false);
  const entry = onItsWay(of.id);
  const saying = (kind: unknown) => messagingWords().replied[String(kind)] ?? String(kind);
  const given = (entry?.body?.['reply'] as ReplyKind | undefined) ?? of.reply;
  const press = async (reply: ReplyKind) => {
    try {
      await answerWith(of.id, reply, text.value);
      [full.value, text.value] = [false, ''];
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      full.value = true;
    }
  };
  const refused = entry?.state === 'refused' || entry?.state === 'conflict';
  return (
    <Section title={given ? words.yourAnswer : words.howAreYou} about={given ? words.change : words.answerAbout}>
      <div aria-live="polite">
        {entry && (
          <Notice tone={refused ? 'bad' : 'warn'} actions={refused && <a href="/outbox">{words.look}</a>}>
            {standing(entry, saying(entry.body?.['reply']))}
          </Notice>
        )}
        {!entry && of.reply && (
          <Notice tone="good">{words.answeredAt(saying(of.reply), of.replied_at ? formatSince(of.replied_at) : '')}</Notice>
        )}
        {full.value && <Notice tone="bad">{words.full}</Notice>}
      </div>
      <div class="answers">
        {REPLIES.map((reply) => (
          <Button
            key={reply}
            wide
            look={reply === 'need_help' ? 'danger' : reply === 'safe' ? 'primary' : 'plain'}
            icon={ICONS[reply]}
            pressed={given === reply}
            onClick={() => void press(reply)}
          >
            {messagingWords().replies[reply]}
          </Button>
        ))}
      </div>
      <TextField
        name="text"
        label={words.more}
        hint={words.moreHint}
        value={text.value}
        onValue={(typed) => (text.value = typed)}
        rows={2}
        maxLength={500}
      />
    </Section>
  );
}

function Updates({ of }: { of: MineOut }) {
  const words = t();
  if (!of.updates?.length) return null;
  const kinds: Record<string, string> = { update: words.update, all_clear: words.allClear, cancel: words.cancel };
  return (
    <Section title={words.updates}>
      <ul class="lines">
        {of.updates.map((update) => (
          <li key={update.at} class="stack tight">
            <div class="row spread">
              <strong>{update.subject || kinds[update.kind]}</strong>
              <span class="muted small">{formatSince(update.at)}</span>
            </div>
            <p class="said">{update.body}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** One message: what it says, what came after it, and the answer. */
export default function InboxMessage({ params }: ScreenProps) {
  const id = params['message_id'] ?? '';
  const asked = mine();
  useEffect(() => {
    void asked.open();
    const stops = [keepFresh(() => void asked.refresh()), whenAccepted(['reply'], () => void asked.refresh())];
    return () => stops.forEach((stop) => stop());
  }, []);
  const words = t();
  const back = { href: '/inbox', label: words.title };
  const of = asked.value.value?.find((one) => one.id === id);
  useEffect(() => {
    if (of) void markOpened(id);
  }, [id, of !== undefined]);
  if (!of) {
    const failure = asked.failure.value;
    return (
      <Page title={words.title} back={back}>
        {asked.loading.value ? (
          <Skeleton lines={6} />
        ) : failure === null ? (
          <Empty icon="mail" title={words.gone.title}>
            {words.gone.text}
          </Empty>
        ) : (
          <ErrorState explained={explain(failure)} onRetry={() => void asked.refresh()} />
        )}
      </Page>
    );
  }
  const over = of.kind === 'alert' && (of.stage === 'ended' || of.stage === 'expired');
  return (
    <Page title={of.subject || words.title} back={back} busy={asked.loading.value} about={formatDateTime(of.at)}>
      {of.exercise !== 'actual' && <Notice title={words[of.exercise].title}>{words[of.exercise].text}</Notice>}
      {of.kind === 'alert' && of.stage === 'cancelled' && <Notice tone="warn">{words.withdrawn}</Notice>}
      {over && <Notice>{words.over}</Notice>}
      <Section>
        {of.kind === 'alert' && (
          <div class="row wrap">
            <Marks of={of} />
          </div>
        )}
        <p class="said">{of.body}</p>
      </Section>
      {of.asks_reply && of.stage !== 'cancelled' && <Answer of={of} />}
      <Updates of={of} />
    </Page>
  );
}
