import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain, isFailure } from '../../api';
import { type Subscription, testPush } from '../../api/messaging';
import { formatDate } from '../../i18n';
import { browsers, look, NoPush, type Standing, turnOff, turnOn } from '../../messaging/push';
import { Age, Button, confirm, type Explained, FormProblem, Icon, Notice, Section, Skeleton, Status, Table, toast } from '../../ui';
import { t } from './words';

const standing = signal<Standing | null>(null);
const known = signal<{ found: readonly Subscription[]; here: string | null } | null>(null);
const trouble = signal<Explained | null>(null);
const busy = signal(false);

async function load(): Promise<void> {
  standing.value = await look();
  known.value = await browsers();
}

async function attempt(what: () => Promise<void>): Promise<void> {
  busy.value = true;
  trouble.value = null;
  try {
    await what();
    await load();
  } catch (error) {
    if (error instanceof NoPush) trouble.value = { ...t().noPush[error.why], code: null };
    else if (isFailure(error)) trouble.value = explain(error);
    else throw error;
    standing.value = await look();
  } finally {
    busy.value = false;
  }
}

async function remove(one: Subscription): Promise<void> {
  const words = t();
  const asked = { title: words.removeTitle, text: words.removeText, action: words.remove, danger: true };
  if (await confirm(asked)) await attempt(() => turnOff(one.id));
}

const test = (id: string) =>
  attempt(async () => {
    await testPush(id);
    toast(t().tested);
  });

/** What will happen, before the browser asks. */
function Ask() {
  const words = t();
  return (
    <>
      <ul class="plain">
        {words.explained.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <div class="actions start">
        <Button look="primary" icon="bell" busy={busy.value} onClick={() => void attempt(turnOn)}>
          {words.turnOn}
        </Button>
      </div>
    </>
  );
}

/** On an iPhone: first on the home screen. */
function Install() {
  const words = t();
  return (
    <Notice title={words.install.title}>
      <ol>
        {words.install.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </Notice>
  );
}

function Here() {
  const words = t();
  const here = known.value?.here ?? null;
  switch (standing.value) {
    case null:
      return <Skeleton lines={2} />;
    case 'insecure':
    case 'unable':
    case 'denied':
      return (
        <Notice tone="warn" title={words.cannot[standing.value].title}>
          {words.cannot[standing.value].text}
        </Notice>
      );
    case 'install':
      return <Install />;
    case 'on':
      if (here) {
        return (
          <div class="row spread">
            <Status tone="good" icon="check">
              {words.on}
            </Status>
            <Button icon="bell" busy={busy.value} onClick={() => void test(here)}>
              {words.test}
            </Button>
          </div>
        );
      }
      return <Ask />;
    default:
      return <Ask />;
  }
}

function Browsers() {
  const words = t();
  if (!known.value || known.value.found.length === 0) return null;
  const { found, here } = known.value;
  return (
    <Table
      caption={words.browsers}
      rows={found}
      rowKey={(one) => one.id}
      columns={[
        {
          key: 'browser',
          head: words.browser,
          cell: (one) => (
            <>
              {one.browser || words.unknown} {one.id === here && <Status tone="good">{words.thisOne}</Status>}
            </>
          ),
        },
        { key: 'since', head: words.since, cell: (one) => formatDate(one.created_at) },
        { key: 'ok', head: words.lastOk, cell: (one) => (one.last_ok_at ? <Age at={one.last_ok_at} /> : words.never) },
        {
          key: 'remove',
          head: words.remove,
          align: 'end',
          bare: true,
          cell: (one) => (
            <Button icon="trash" label={words.removeOf(one.browser || words.unknown)} onClick={() => void remove(one)}>
              {words.remove}
            </Button>
          ),
        },
      ]}
    />
  );
}

/** Notifications on this browser, a test of them, and the person's other browsers. */
export function Push() {
  useEffect(() => void attempt(async () => undefined), []);
  const words = t();
  return (
    <Section title={words.push} about={words.pushAbout}>
      <FormProblem explained={trouble.value} />
      <Here />
      <Browsers />
      <p class="muted small">
        <Icon name="info" /> {words.alone}
      </p>
    </Section>
  );
}
