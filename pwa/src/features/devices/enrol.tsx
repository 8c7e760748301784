import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { answer, api, explain, Failure, isFailure, useForm, type components, type Problem } from '../../api';
import { may, me } from '../../app/session';
import { keepDeviceToken, ownerOf } from '../../offline/owner';
import { Picture } from '../../people';
import { Button, ButtonLink, Facts, FormProblem, Notice, Page, Section, TextField, type Explained } from '../../ui';
import { t } from './words';
import '../../people/people.css';

type Activated = components['schemas']['ActivatedOut'];

/** The code of the address, which then leaves it: neither the history nor a shared link shall keep it. */
function takeCode(): string {
  const code = decodeURIComponent(location.hash.slice(1));
  if (code) history.replaceState(history.state, '', location.pathname);
  return code;
}

interface Done {
  activated: Activated;
  /** Whose phone this browser now is: `mine`, or not, as the code was somebody else's or another app's. */
  is: 'mine' | 'somebody' | 'other_app';
  /** Why it could not be made the phone that speaks for the person. */
  trouble: Explained | null;
}

/** An unknown code is a wrong field, not a missing page. */
const wrongCode = (problem: Problem) =>
  new Failure('refused', { ...problem, type: '/problems/invalid', errors: [{ field: 'code', message: problem.detail, next_step: null }] });

/** What was made of the code. The token is kept only where it belongs: in this browser, of the person signed in, for our own app. */
async function enrol(code: string): Promise<Done> {
  const activated = await answer(api.POST('/api/v1/devices', { body: { code } })).catch((error: unknown) => {
    throw isFailure(error) && error.status === 404 && error.problem ? wrongCode(error.problem) : error;
  });
  const { device, token } = activated;
  if (device.client !== 'native') return { activated, is: 'other_app', trouble: null };
  const owner = me.value && ownerOf(me.value);
  if (device.person_id === null || device.person_id !== me.value?.person_id || !owner) return { activated, is: 'somebody', trouble: null };
  await keepDeviceToken(owner, token);
  try {
    if (may('switch.edit')) await answer(api.PUT('/api/v1/me/switch/device', { body: { device_id: device.id } }));
    return { activated, is: 'mine', trouble: null };
  } catch (error) {
    return { activated, is: 'mine', trouble: explain(error) };
  }
}

function Setup({ activated }: { activated: Activated }) {
  const words = t().here;
  const { setup } = activated;
  const file = useMemo(
    () => (setup?.file ? URL.createObjectURL(new Blob([setup.file], { type: 'application/octet-stream' })) : null),
    [setup],
  );
  if (!setup) return null;
  const app = t().apps[activated.device.client];
  return (
    <Section title={words.setupTitle(app)} about={words.setupAbout}>
      <div class="once">
        <a class="button primary" href={setup.link}>
          {words.openApp(app)}
        </a>
        <Picture svg={setup.qr_svg} alt={words.setupAlt(app)} />
        {file && setup.file_name && (
          <ButtonLink icon="download" href={file} download={setup.file_name}>
            {words.file}
          </ButtonLink>
        )}
        {setup.passphrase && <Facts of={[[words.passphrase, <code>{setup.passphrase}</code>]]} />}
      </div>
    </Section>
  );
}

function Result({ done }: { done: Done }) {
  const words = t().here;
  if (done.is === 'other_app') return <Setup activated={done.activated} />;
  if (done.is === 'somebody') {
    return (
      <Notice tone="warn" title={words.somebodyTitle}>
        {done.activated.device.kind === 'kiosk' ? words.kioskText : words.somebodyText}
      </Notice>
    );
  }
  return (
    <>
      <Notice
        tone="good"
        title={words.done(done.activated.device.name)}
        actions={
          <ButtonLink look="primary" href="/">
            {words.goOn}
          </ButtonLink>
        }
      >
        {words.doneText}
      </Notice>
      <FormProblem explained={done.trouble} />
    </>
  );
}

/** Turn a code into this browser's phone, for whoever is signed in. */
export default function Enrol() {
  const given = useMemo(takeCode, []);
  const done = useSignal<Done | null>(null);
  const form = useForm({ code: given }, async ({ code }) => {
    done.value = await enrol(code);
  });
  const words = t().here;
  if (me.value?.shared_computer) {
    return (
      <Page title={words.title}>
        <Notice tone="warn" title={words.sharedTitle}>
          {words.sharedText}
        </Notice>
      </Page>
    );
  }
  return (
    <Page title={words.title} about={done.value ? undefined : words.about}>
      {done.value ? (
        <Result done={done.value} />
      ) : (
        <Section>
          <form class="stack narrow" {...form.props}>
            <FormProblem {...form.problem} />
            <TextField
              {...form.field('code')}
              label={words.code}
              hint={words.codeHint}
              minLength={8}
              maxLength={40}
              autocomplete="off"
              required
            />
            <p class="muted">{words.what}</p>
            <div class="actions start">
              <Button look="primary" {...form.submit}>
                {words.action}
              </Button>
            </div>
          </form>
        </Section>
      )}
    </Page>
  );
}
