import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { answer, api, explain, tagged, useForm, type components } from '../../api';
import type { ScreenProps } from '../../app/router';
import { me } from '../../app/session';
import { snapshot } from '../../offline/snapshot';
import { Button, confirm, ErrorState, FormProblem, Page, PasswordField, Section, Skeleton, Status, toast } from '../../ui';
import './kiosks.css';
import { Picture } from './picture';
import { t } from './words';

type Pass = components['schemas']['KioskPassOut'];

/** What a person shows at a kiosk: one's own (offline too), or somebody's for a manager to print. */
export default function KioskPass({ params }: ScreenProps) {
  const person_id = params['person_id'] ?? me.value?.person_id ?? '';
  const path = { path: { person_id } };
  const pass = useMemo(
    () => snapshot<Pass>(`kiosk-pass/${person_id}`, () => tagged(api.GET('/api/v1/people/{person_id}/kiosk-pass', { params: path }))),
    [person_id],
  );
  const name = useSignal<string | null>(null);
  useEffect(() => {
    void pass.open();
    if (params['person_id'])
      void answer(api.GET('/api/v1/people/{person_id}', { params: path }))
        .then((found) => (name.value = found.name ?? found.telephone))
        .catch(() => undefined);
  }, [person_id]);

  const failure = useSignal<unknown>(null);
  const words = t().pass;
  const renew = async () => {
    if (!(await confirm({ title: words.renewTitle, text: words.renewText, action: words.renew, danger: true }))) return;
    try {
      await answer(api.POST('/api/v1/people/{person_id}/kiosk-pass/code', { params: path }));
      failure.value = null;
      toast(words.renewed);
    } catch (error) {
      failure.value = error;
    }
    await pass.refresh();
  };
  const found = pass.value.value;
  const isOther = params['person_id'] !== undefined;
  return (
    <Page
      title={name.value ? words.titleOf(name.value) : words.title}
      about={words.about}
      busy={pass.loading.value && found !== null}
      {...(isOther && { back: { href: `/people/${person_id}`, label: name.value ?? words.back } })}
    >
      {!found && pass.failure.value === null && <Skeleton />}
      {!found && pass.failure.value !== null && <ErrorState explained={explain(pass.failure.value)} onRetry={() => void pass.refresh()} />}
      {found && (
        <>
          <Section title={words.code} about={words.codeAbout}>
            {failure.value !== null && <FormProblem explained={explain(failure.value)} />}
            <div class="pass">
              <Picture svg={found.qr_svg} alt={words.codeAlt} />
              <p class="on-paper">{name.value ?? me.value?.name}</p>
            </div>
            <div class="actions start">
              <Button icon="download" onClick={() => print()}>
                {words.print}
              </Button>
              <Button icon="refresh" onClick={() => void renew()}>
                {words.renew}
              </Button>
            </div>
          </Section>
          <Pin person_id={person_id} hasPin={found.has_pin} onSet={() => void pass.refresh()} />
        </>
      )}
    </Page>
  );
}

function Pin({ person_id, hasPin, onSet }: { person_id: string; hasPin: boolean; onSet: () => void }) {
  const words = t().pass;
  const form = useForm({ pin: '' }, async ({ pin }) => {
    await answer(api.PUT('/api/v1/people/{person_id}/kiosk-pass/pin', { params: { path: { person_id } }, body: { pin } }));
    form.set({ pin: '' });
    toast(words.saved);
    onSet();
  });
  return (
    <Section title={words.pin} about={words.pinAbout}>
      <div>
        <Status tone={hasPin ? 'good' : 'neutral'}>{hasPin ? words.hasPin : words.noPin}</Status>
      </div>
      <form class="stack narrow" {...form.props}>
        <FormProblem {...form.problem} />
        <PasswordField
          {...form.field('pin')}
          onValue={(value) => form.set({ pin: value.replace(/\D/g, '') })}
          label={words.newPin}
          hint={words.pinHint}
          minLength={4}
          maxLength={8}
          autocomplete="new-password"
        />
        <div class="actions start">
          <Button look="primary" {...form.submit}>
            {words.save}
          </Button>
        </div>
      </form>
    </Section>
  );
}
