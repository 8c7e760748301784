/** Doors and printers: where arrivals and departures are posted to, how that goes, and what to do when it does not. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { explain } from '../../api';
import { editWebhook, readWebhook, readWebhooks, removeWebhook, testWebhook, type Webhook } from '../../api/visits';
import { formatList, formatSince } from '../../i18n';
import { snapshot } from '../../offline/snapshot';
import { Age, Button, confirm, Empty, ErrorState, FormProblem, Page, Section, Skeleton, Status, toast, type Tone } from '../../ui';
import { type Opened, Secret, WebhookDialog } from './webhook-dialog';
import { t } from './words';
import './visit-setup.css';

const MOST = 20;
const LOOK_MS = 1_000;
const LOOKS = 20;
const FRESH_MS = 15_000;
const webhooks = () => snapshot('visit-webhooks', async () => ({ value: await readWebhooks() }));

/** Why the last post failed, in words. */
export function reasonOf(failure: string): string {
  const words = t().webhook.failures;
  const status = /^status_(\d+)$/.exec(failure)?.[1];
  if (status) return words.status(status);
  return failure === 'refused' || failure === 'unreachable' ? words[failure] : failure;
}

/** How a webhook stands: a word, and what there is to know about it. */
export function standingOf(of: Webhook): { tone: Tone; is: string; more: string } {
  const words = t().webhook;
  const why = of.last_failure && reasonOf(of.last_failure);
  const tried = of.last_tried_at ? words.triedAt(formatSince(of.last_tried_at)) : '';
  const failed = why ? `${why} ${tried}` : '';
  if (of.paused_at) return { tone: 'warn', is: words.paused, more: `${words.pausedSince(formatSince(of.paused_at))} ${failed}` };
  if (of.tries_again_at) return { tone: 'bad', is: words.retried, more: `${failed} ${words.again(formatSince(of.tries_again_at))}` };
  if (why) return { tone: 'bad', is: words.failed, more: failed };
  if (of.last_ok_at) return { tone: 'good', is: words.works, more: words.okAt(formatSince(of.last_ok_at)) };
  return { tone: 'neutral', is: words.unused, more: words.unusedMore };
}

/** Ask until what was posted came back, or it takes too long. */
async function outcome(of: Webhook, before: string | null, isHere: () => boolean): Promise<Webhook | null> {
  for (let looked = 0; looked < LOOKS && isHere(); looked += 1) {
    await new Promise((next) => setTimeout(next, LOOK_MS));
    const { value } = await readWebhook(of.id);
    if (value.last_tried_at !== before) return value;
  }
  return null;
}

function Line({ of, onEdit, onDone }: { of: Webhook; onEdit: () => void; onDone: () => Promise<void> }) {
  const words = t().webhook;
  const trouble = useSignal<unknown>(null);
  const tests = useSignal(false);
  const said = useSignal('');
  const here = useRef(true);
  useEffect(() => () => void (here.current = false), []);
  const attempt = async (work: () => Promise<unknown>) => {
    trouble.value = null;
    said.value = '';
    try {
      await work();
    } catch (error) {
      trouble.value = error;
    }
    await onDone();
  };
  const test = async () => {
    tests.value = true;
    await attempt(async () => {
      const { last_tried_at } = await testWebhook(of.id);
      const found = await outcome(of, last_tried_at, () => here.current);
      said.value = !found ? words.noAnswer : found.last_failure ? words.testFailed : words.testArrived;
    });
    tests.value = false;
  };
  const pause = (paused: boolean) => attempt(async () => editWebhook(of.id, { paused }, (await readWebhook(of.id)).etag));
  const remove = async () => {
    if (!(await confirm({ title: words.removeTitle(of.name), text: words.removeText, action: words.remove, danger: true }))) return;
    await attempt(async () => {
      await removeWebhook(of.id);
      toast(words.removed(of.name));
    });
  };
  const { tone, is, more } = standingOf(of);
  const named = (word: string) => (
    <>
      {word} <span class="unseen">{of.name}</span>
    </>
  );
  return (
    <li class="stack webhook" aria-label={of.name}>
      <div class="row spread">
        <strong>{of.name}</strong>
        <Status tone={tone}>{is}</Status>
      </div>
      <div class="stack tight">
        <code class="webhook-url">{of.url}</code>
        <span class="muted small">{words.of(formatList(of.kinds.map((kind) => words.happenings[kind])))}</span>
      </div>
      <p class="small">{more.trim()}</p>
      <FormProblem explained={trouble.value === null ? null : explain(trouble.value)} />
      <div class="actions start">
        <Button busy={tests.value} onClick={() => void test()}>
          {named(words.test)}
        </Button>
        <Button onClick={() => void pause(!of.paused_at)}>{named(of.paused_at ? words.goOn : words.pause)}</Button>
        <span class="row">
          <Button look="quiet" icon="edit" label={words.changeOf(of.name)} onClick={onEdit} />
          <Button look="quiet" icon="trash" label={words.removeOf(of.name)} onClick={() => void remove()} />
        </span>
        <span class="small" role="status">
          {tests.value ? words.testing : said.value}
        </span>
      </div>
    </li>
  );
}

export default function Webhooks() {
  const words = t().webhook;
  const asked = webhooks();
  const dialog = useSignal<{ opened: Opened | null } | null>(null);
  const secret = useSignal<{ name: string; secret: string } | null>(null);
  const trouble = useSignal<unknown>(null);
  useEffect(() => {
    void asked.open();
    const timer = setInterval(() => document.hidden || void asked.refresh(), FRESH_MS); // posts go out, and are tried again, meanwhile
    return () => clearInterval(timer);
  }, []);
  const rows = asked.value.value;
  const open = async (id: string) => {
    try {
      dialog.value = { opened: await readWebhook(id) };
      trouble.value = null;
    } catch (error) {
      trouble.value = error;
    }
  };
  const add = (
    <Button look="primary" icon="add" onClick={() => (dialog.value = { opened: null })}>
      {words.add}
    </Button>
  );
  return (
    <Page
      title={words.title}
      about={words.about}
      back={{ href: '/visit-setup', label: t().title }}
      actions={rows && rows.length > 0 && rows.length < MOST ? add : undefined}
    >
      <FormProblem explained={trouble.value === null ? null : explain(trouble.value)} />
      {rows === null &&
        (asked.failure.value === null ? (
          <Skeleton />
        ) : (
          <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
        ))}
      {rows?.length === 0 && (
        <Empty icon="bell" title={words.empty.title} action={add}>
          {words.empty.text}
        </Empty>
      )}
      {rows && rows.length > 0 && (
        <Section>
          <ul class="lines">
            {rows.map((one) => (
              <Line key={one.id} of={one} onEdit={() => void open(one.id)} onDone={() => asked.refresh()} />
            ))}
          </ul>
        </Section>
      )}
      {rows && rows.length >= MOST && <p class="muted">{words.most(MOST)}</p>}
      {rows && rows.length > 0 && <p class="muted small">{words.rules}</p>}
      {rows && asked.failure.value !== null && asked.fetched_ms.value !== null && (
        <p class="muted small">
          {words.asOf} <Age at={asked.fetched_ms.value} />
        </p>
      )}
      {dialog.value && (
        <WebhookDialog
          opened={dialog.value.opened}
          onClose={() => (dialog.value = null)}
          onDone={async (made) => {
            secret.value = made;
            await asked.refresh();
          }}
        />
      )}
      {secret.value && <Secret {...secret.value} onClose={() => (secret.value = null)} />}
    </Page>
  );
}
