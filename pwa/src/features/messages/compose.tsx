import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain, isFailure } from '../../api';
import { type MessageIn, previewMessage, testMessage } from '../../api/messaging';
import { at, navigate } from '../../app/router';
import { formatDateTime } from '../../i18n';
import { ChannelOrder, messagingWords, PreviewPanel, type Previewed, usePreview } from '../../messaging';
import { nobody } from '../../messaging/target';
import { TargetPicker } from '../../messaging/target-picker';
import { serverTime_ms } from '../../offline/clock';
import { StorageFull } from '../../offline/outbox';
import { Button, Checkbox, confirm, Dialog, type Explained, FormProblem, Notice, Page, Section, Skeleton, toast } from '../../ui';
import { bodyOf, change, draft, drop, isKept, type Lack, lacks, takeUp } from './draft';
import { sendMessage } from './sending';
import { Said } from './said';
import { When } from './when';
import { t } from './words';
import './messages.css';

/** What is asked for in the address: write to a group, to a person, with a template. */
function begin(): void {
  const { query } = at.peek();
  const [group, person] = [query.get('group'), query.get('person')];
  if (group || person) change({ chosen: { ...nobody, groups: group ? [group] : [], people: person ? [person] : [] } });
}

function Confirm({
  body,
  previewed,
  onClose,
  onSend,
  busy,
}: {
  body: MessageIn;
  previewed: Previewed;
  onClose: () => void;
  onSend: () => void;
  busy: boolean;
}) {
  const words = t().compose;
  const offline = isFailure(previewed.failure) && ['offline', 'unreachable', 'slow'].includes(previewed.failure.kind);
  const reached = previewed.preview ? previewed.preview.people - previewed.preview.unreachable_count : 0;
  const ready = !previewed.busy && (offline || reached > 0);
  return (
    <Dialog
      title={words.confirmTitle}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{words.back}</Button>
          <Button look="primary" busy={busy} disabled={!ready} onClick={onSend}>
            {offline ? words.sendLater : body.due_at ? words.plan(reached) : words.sendTo(reached)}
          </Button>
        </>
      }
    >
      {body.due_at && <p>{body.in_their_zone ? words.dueTheirs(formatDateTime(body.due_at)) : words.due(formatDateTime(body.due_at))}</p>}
      <PreviewPanel {...previewed} />
    </Dialog>
  );
}

function Foot({ previewed, body, onTried }: { previewed: Previewed; body: MessageIn | null; onTried: () => void }) {
  const words = t().compose;
  const asking = useSignal(false);
  const busy = useSignal<'send' | 'test' | null>(null);
  const trouble = useSignal<Explained | null>(null);
  const attempt = async (what: 'send' | 'test', run: () => Promise<void>) => {
    busy.value = what;
    trouble.value = null;
    try {
      await run();
    } catch (error) {
      asking.value = false;
      if (error instanceof StorageFull) trouble.value = { title: words.refused, next: words.full, code: null };
      else {
        const found = explain(error);
        trouble.value = { ...found, next: [...found.fields.values()].join(' ') || found.next };
      }
    }
    busy.value = null;
  };
  const send = (given: MessageIn) =>
    attempt('send', async () => {
      const { id, arrived } = await sendMessage(given);
      asking.value = false;
      await drop();
      toast(arrived ? (given.due_at ? words.planned : words.sent) : words.kept);
      navigate(arrived ? `/messages/${id}` : '/messages', { replace: true });
    });
  const test = (given: MessageIn) =>
    attempt('test', async () => {
      await testMessage(given);
      toast(words.tested);
    });
  return (
    <>
      <FormProblem explained={trouble.value} />
      {isKept.value === false && <Notice tone="warn">{words.unkept}</Notice>}
      <div class="actions start">
        <Button look="primary" icon="mail" onClick={() => (body ? (asking.value = true) : onTried())}>
          {words.send}
        </Button>
        <Button busy={busy.value === 'test'} onClick={() => (body ? void test(body) : onTried())}>
          {words.test}
        </Button>
      </div>
      {isKept.value && <p class="hint">{words.isKept}</p>}
      {asking.value && body && (
        <Confirm
          body={body}
          previewed={previewed}
          busy={busy.value === 'send'}
          onClose={() => (asking.value = false)}
          onSend={() => void send(body)}
        />
      )}
    </>
  );
}

function Form() {
  const words = t().compose;
  const now = draft.value;
  const tried = useSignal(false);
  const lacking = lacks(now, serverTime_ms());
  const body = bodyOf(now, serverTime_ms());
  const previewed = usePreview(body && JSON.stringify(body), () => previewMessage(body!));
  const wrong = (lack: Lack) => (tried.value && lacking.includes(lack) ? words.lacks[lack] : undefined);
  const showLacks = () => {
    tried.value = true;
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.compose .error')?.scrollIntoView({ block: 'center' }));
  };
  return (
    <div class="compose">
      <div class="stack">
        <Section>
          <TargetPicker of="message" value={now.chosen} onValue={(chosen) => change({ chosen })} error={wrong('target')} />
        </Section>
        <Said lack={wrong('text') ?? wrong('fields')} />
        <Section title={words.how}>
          <ChannelOrder value={now.channels} onValue={(channels) => change({ channels })} error={wrong('channels')} />
          <Checkbox
            label={words.asksReply}
            hint={words.asksReplyHint}
            value={now.asks_reply}
            onValue={(asks_reply) => change({ asks_reply })}
          />
          <When error={wrong('due')} />
        </Section>
      </div>
      <div class="compose-side">
        <Section title={messagingWords().preview.title}>
          {body ? (
            <PreviewPanel {...previewed} />
          ) : (
            <ul class="compose-lacks" aria-live="polite">
              {lacking.map((lack) => (
                <li key={lack}>{words.lacks[lack]}</li>
              ))}
            </ul>
          )}
          <Foot previewed={previewed} body={body} onTried={showLacks} />
        </Section>
      </div>
    </div>
  );
}

/** Write a message: to whom, what, by what and when; what that means is always in sight. */
export default function Compose() {
  const ready = useSignal(false);
  const goesOn = useSignal(false);
  useEffect(() => {
    void takeUp().then((found) => {
      goesOn.value = found;
      begin();
      ready.value = true;
    });
  }, []);
  const words = t().compose;
  const again = async () => {
    if (!(await confirm({ title: words.dropTitle, text: words.dropText, action: words.drop, danger: true }))) return;
    await drop();
    goesOn.value = false;
  };
  return (
    <Page title={words.title} back={{ href: '/messages', label: t().title }} wide>
      {goesOn.value && (
        <Notice
          actions={
            <Button icon="trash" onClick={() => void again()}>
              {words.drop}
            </Button>
          }
        >
          {words.goesOn}
        </Notice>
      )}
      {ready.value ? <Form /> : <Skeleton lines={8} />}
    </Page>
  );
}
