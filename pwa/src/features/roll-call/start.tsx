/** Begin a roll call: which sites, actual or an exercise, with an alert or without. Works without a network, with the list of this device. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { alerts } from '../../api/alerts';
import { hasModule, may } from '../../app/session';
import { navigate } from '../../app/router';
import { snapshot } from '../../offline/snapshot';
import { whoIsAsked } from '../../rollcall/own';
import { atHand, begin } from '../../rollcall/store';
import { Button, Checkbox, Choice, Empty, Notice, Page, Section, Select, Skeleton } from '../../ui';
import { isFull, stored } from './marking';
import './roll-call.css';
import { t } from './words';

const active = () => snapshot('roll-call/alerts', async () => ({ value: (await alerts({ stage: 'active' })).items }));

function WithAlert({ value, onValue }: { value: string; onValue: (id: string) => void }) {
  const words = t().start;
  useEffect(() => void active().open(), []);
  const known = active().value.value ?? [];
  return (
    <>
      <Select
        name="message_id"
        label={words.alert}
        hint={words.alertHint}
        value={value}
        options={[
          { value: '', label: words.noAlert },
          ...known.map(({ id, subject }) => ({ value: id, label: subject || words.untitled })),
        ]}
        onValue={onValue}
      />
      {known.length === 0 && may('alert.send', 'all') && <a href="/alert">{words.sendAlert}</a>}
    </>
  );
}

export default function Start() {
  const words = t().start;
  const at = atHand.value.value;
  const chosen = useSignal<readonly string[]>([]);
  const exercise = useSignal<'actual' | 'exercise'>('actual');
  const alert = useSignal('');
  const wrong = useSignal('');
  const busy = useSignal(false);
  useEffect(() => {
    void atHand.open();
  }, []);
  const places = at?.sites;
  const only = places?.length === 1 ? places[0]?.id : undefined;
  useEffect(() => {
    if (only) chosen.value = [only];
  }, [only]);
  const submit = async (event: Event) => {
    event.preventDefault();
    wrong.value = chosen.value.length ? '' : words.pick;
    if (!chosen.value.length || busy.value) return;
    busy.value = true;
    const id = await stored(() => begin({ site_ids: [...chosen.value], exercise: exercise.value, message_id: alert.value || null }));
    busy.value = false;
    if (id !== null) navigate(`/roll-call/${id}`);
  };
  const toggle = (id: string, on: boolean) => (chosen.value = on ? [...chosen.value, id] : chosen.value.filter((one) => one !== id));
  return (
    <Page title={words.title} about={words.about} back={{ href: '/roll-call', label: words.back }}>
      {isFull.value && (
        <Notice tone="bad" title={t().full.title}>
          {t().full.next}
        </Notice>
      )}
      {!places ? (
        atHand.failure.value ? (
          <Empty icon="cloudOff" title={words.noSites}>
            {words.noSitesText}
          </Empty>
        ) : (
          <Skeleton />
        )
      ) : (
        <form class="stack" noValidate onSubmit={(event) => void submit(event)}>
          <Section>
            <fieldset class="stack">
              <legend>
                <strong>{words.sites}</strong>
              </legend>
              {places.map(({ id, name }) => (
                <Checkbox
                  key={id}
                  name={id}
                  label={name}
                  hint={at ? t().onSite(whoIsAsked(at, [id]).length) : undefined}
                  value={chosen.value.includes(id)}
                  onValue={(on) => toggle(id, on)}
                />
              ))}
              {wrong.value && (
                <p class="error" role="alert">
                  {wrong.value}
                </p>
              )}
            </fieldset>
            <Choice
              label={words.kind}
              value={exercise.value}
              options={(['actual', 'exercise'] as const).map((value) => ({ value, label: t().exercises[value] }))}
              onValue={(value) => (exercise.value = value)}
            />
            <p class="muted small">{words.exerciseHint}</p>
            {hasModule('alerts') && may('alert.read', 'all') && <WithAlert value={alert.value} onValue={(id) => (alert.value = id)} />}
          </Section>
          {at && chosen.value.length > 0 && <p class="muted">{words.who(whoIsAsked(at, chosen.value).length)}</p>}
          <Button look="primary" type="submit" icon="flag" busy={busy.value} wide>
            {words.begin}
          </Button>
        </form>
      )}
    </Page>
  );
}
