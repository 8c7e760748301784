import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { Button, ButtonLink, confirm, Dialog, FormProblem, Notice, Section, Status, toast } from '../../ui';
import { choose, type Companion, enrolCompanion, follow, mySwitch, notice, phones, revoke, type Setup, stateNow, switchOn } from './store';
import { t } from './words';

const APPS: readonly Companion[] = ['owntracks', 'traccar'];

/** The link and the code that set another app up. Shown once: the server keeps only a hash of what is in them. */
function SetUp({ app, device_id, setup, onClose }: { app: Companion; device_id: string; setup: Setup; onClose: () => void }) {
  const words = t();
  const busy = useSignal(false);
  const failure = useSignal<unknown>(null);
  const name = words.apps[app];
  const turnOn = async () => {
    const text = notice().value.value;
    busy.value = true;
    try {
      if (stateNow() === 'off' && text) await switchOn(text.version, device_id);
      else await choose(device_id);
      await follow();
      onClose();
      toast(words.started);
    } catch (error) {
      failure.value = error;
      busy.value = false;
    }
  };
  return (
    <Dialog title={words.setup.title(name)} onClose={onClose}>
      <div class="stack">
        <p>{words.setup.text(name)}</p>
        <img class="setup-code" alt={words.setup.code} src={`data:image/svg+xml,${encodeURIComponent(setup.qr_svg)}`} />
        <ButtonLink href={setup.link}>{words.setup.open(name)}</ButtonLink>
        {setup.passphrase && (
          <p>
            {words.setup.passphrase} <code>{setup.passphrase}</code>
          </p>
        )}
        <Notice tone="warn">{words.setup.secret}</Notice>
        <FormProblem explained={failure.value === null ? null : explain(failure.value)} />
        <div class="actions">
          <Button onClick={onClose}>{words.setup.done}</Button>
          <Button look="primary" busy={busy.value} onClick={() => void turnOn()}>
            {words.setup.turnOn}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** What to use instead of this app. */
export function Instead() {
  const words = t();
  const made = useSignal<{ app: Companion; device_id: string; setup: Setup } | null>(null);
  const busy = useSignal<Companion | null>(null);
  const failure = useSignal<unknown>(null);
  useEffect(() => void notice().open(), []);
  const setUp = async (app: Companion) => {
    busy.value = app;
    failure.value = null;
    try {
      made.value = { app, ...(await enrolCompanion(words.apps[app], app)) };
      await phones().refresh();
    } catch (error) {
      failure.value = error;
    } finally {
      busy.value = null;
    }
  };
  return (
    <Section title={words.instead.title} about={words.instead.about}>
      <dl class="plain-words">
        {(['tap', 'kiosk', 'app'] as const).map((way) => (
          <div key={way}>
            <dt>{words.instead[way][0]}</dt>
            <dd>{words.instead[way][1]}</dd>
          </div>
        ))}
      </dl>
      <div class="actions start">
        {APPS.map((app) => (
          <Button key={app} icon="qr" busy={busy.value === app} onClick={() => void setUp(app)}>
            {words.setUp(words.apps[app])}
          </Button>
        ))}
      </div>
      <FormProblem explained={failure.value === null ? null : explain(failure.value)} />
      {made.value && <SetUp {...made.value} onClose={() => (made.value = null)} />}
    </Section>
  );
}

/** The person's phones: which one speaks, and which is this one. */
export function Phones({ mine }: { mine: string | null }) {
  const words = t();
  const failure = useSignal<unknown>(null);
  const speaks = mySwitch().value.value?.tracking_device_id;
  const known = phones().value.value ?? [];
  const tried = (work: () => Promise<unknown>) => {
    failure.value = null;
    void work().catch((error: unknown) => (failure.value = error));
  };
  const remove = async (id: string) => {
    if (!(await confirm({ title: words.revokeTitle, text: words.revokeText, action: words.revoke, danger: true }))) return;
    await revoke(id);
    toast(words.removed);
  };
  return (
    <Section title={words.phones}>
      {known.length === 0 && <p class="muted">{words.noPhones}</p>}
      <ul class="phone-list">
        {known.map((phone) => (
          <li key={phone.id}>
            <span>
              <strong>{phone.name}</strong> {phone.id === mine && <span class="muted">({words.thisOne})</span>}{' '}
              {phone.id === speaks && <Status tone="good">{words.follows}</Status>}
            </span>
            <span class="actions">
              {phone.id !== speaks && <Button onClick={() => tried(async () => (await choose(phone.id), follow()))}>{words.take}</Button>}
              <Button look="quiet" icon="trash" onClick={() => tried(() => remove(phone.id))}>
                {words.revoke}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <FormProblem explained={failure.value === null ? null : explain(failure.value)} />
    </Section>
  );
}
