/** How one site receives: who is told of an arrival, and what visitors read. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain, useForm } from '../../api';
import { CHAIN, CHAIN_CHANNELS, type ChainStep, readSettings, type VisitSettings, writeSettings } from '../../api/visits';
import type { ScreenProps } from '../../app/router';
import { byName } from '../../i18n';
import { common, groups, person, PersonPicker, sites, useEdit, type Person } from '../../people';
import { Button, Checkbox, ErrorState, FormProblem, NumberField, Page, Section, Select, Skeleton, TextField, toast } from '../../ui';
import { settings } from './store';
import { t } from './words';
import './visit-setup.css';

function Step({ step, number, onStep }: { step: ChainStep; number: number; onStep: (step: ChainStep | null) => void }) {
  const words = t().site;
  return (
    <li>
      <div class="stack tight" role="group" aria-label={words.step(number)}>
        <div class="row spread">
          <strong>{words.step(number)}</strong>
          <Button look="quiet" icon="trash" label={words.removeStep(number)} onClick={() => onStep(null)} />
        </div>
        <div class="visit-step">
          <Select
            name={`who-${number}`}
            label={words.who}
            value={step.who}
            options={CHAIN.map((value) => ({ value, label: words.whos[value] }))}
            onValue={(who) => onStep({ ...step, who })}
          />
          <NumberField
            name={`seconds-${number}`}
            label={words.seconds}
            unit={words.unit}
            min={10}
            max={3_600}
            value={step.seconds}
            onValue={(seconds) => onStep({ ...step, seconds: seconds ?? 60 })}
            required
          />
        </div>
        <fieldset class="visit-channels">
          <legend>{words.channels}</legend>
          {CHAIN_CHANNELS.map((channel) => (
            <Checkbox
              key={channel}
              name={`${channel}-${number}`}
              label={words.channel[channel]}
              value={step.channels.includes(channel)}
              onValue={(on) =>
                onStep({ ...step, channels: CHAIN_CHANNELS.filter((one) => (one === channel ? on : step.channels.includes(one))) })
              }
            />
          ))}
        </fieldset>
      </div>
    </li>
  );
}

function Chain({ chain, wrong, onChain }: { chain: readonly ChainStep[]; wrong: boolean; onChain: (chain: ChainStep[]) => void }) {
  const words = t().site;
  const next = CHAIN.find((who) => !chain.some((step) => step.who === who)) ?? 'reception';
  return (
    <Section title={words.chain} about={words.chainAbout}>
      <ol class="lines">
        {chain.map((step, place) => (
          <Step
            key={place}
            step={step}
            number={place + 1}
            onStep={(said) => onChain(chain.flatMap((one, at) => (at !== place ? [one] : said ? [said] : [])))}
          />
        ))}
      </ol>
      {wrong && (
        <p class="error" role="alert">
          {words.oneChannel}
        </p>
      )}
      {chain.length < 10 && (
        <div class="actions start">
          <Button icon="add" onClick={() => onChain([...chain, { who: next, seconds: 60, channels: ['push'] }])}>
            {words.addStep}
          </Button>
        </div>
      )}
    </Section>
  );
}

const filled = (texts: Record<string, string>) => Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim()));

interface Opened {
  value: VisitSettings;
  etag: string;
  host: Person | null;
}

function valuesOf({ value, host }: Opened) {
  return {
    host,
    group: value.reception_group_id ?? '',
    chain: value.chain,
    directions_nl: value.directions['nl'] ?? '',
    directions_en: value.directions['en'] ?? '',
    rules_nl: value.house_rules['nl'] ?? '',
    rules_en: value.house_rules['en'] ?? '',
  };
}

function SiteForm({ site_id, name, opened }: { site_id: string; name: string; opened: Opened }) {
  const words = t();
  const wrong = useSignal(false);
  const edit = useEdit<VisitSettings>(opened.etag, () => readSettings(site_id));
  const form = useForm(valuesOf(opened), async (values) => {
    wrong.value = values.chain.some((step) => step.channels.length === 0);
    if (wrong.value) return;
    const body = {
      default_host_id: values.host?.id ?? null,
      reception_group_id: values.group || null,
      chain: values.chain,
      directions: filled({ nl: values.directions_nl, en: values.directions_en }),
      house_rules: filled({ nl: values.rules_nl, en: values.rules_en }),
    };
    await edit.save((match) => writeSettings(site_id, body, match));
    toast(words.saved(name));
    await settings(site_id).refresh();
  });
  const { name: _, ...host } = form.field('host');
  const known = (groups().value.value ?? []).filter((one) => !one.retired_at && !one.rule).toSorted(byName((one) => one.name));
  const text = { rows: 4, maxLength: 4_000 };
  return (
    <form class="stack" {...form.props}>
      <FormProblem {...form.problem} />
      {edit.theirs && <p>{common().clash}</p>}
      <Chain chain={form.values.chain} wrong={wrong.value} onChain={(chain) => form.set({ chain })} />
      <Section>
        <PersonPicker {...host} label={words.site.defaultHost} hint={words.site.defaultHostHint} />
        <Select
          {...form.field('group')}
          label={words.site.reception}
          required={false}
          options={[{ value: '', label: words.site.none }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
        />
      </Section>
      <Section title={words.site.texts} about={words.site.textsAbout}>
        <TextField {...form.field('directions_nl')} label={words.site.directions.nl} {...text} />
        <TextField {...form.field('directions_en')} label={words.site.directions.en} {...text} />
        <TextField {...form.field('rules_nl')} label={words.site.houseRules.nl} {...text} />
        <TextField {...form.field('rules_en')} label={words.site.houseRules.en} {...text} />
      </Section>
      <div class="actions">
        <Button look="primary" {...form.submit}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}

export default function SiteScreen({ params }: ScreenProps) {
  const words = t();
  const site_id = params['site_id'] ?? '';
  const asked = settings(site_id);
  useEffect(() => {
    void asked.open();
    void sites().open();
    void groups().open();
  }, [site_id]);
  const host_id = asked.value.value?.default_host_id;
  const host = host_id ? person(host_id) : null;
  useEffect(() => void host?.open(), [host_id]);
  const name = sites().value.value?.find(({ id }) => id === site_id)?.name ?? '';
  const value = asked.value.value;
  const isReady = value && !asked.loading.value && (!host || host.value.value || host.failure.value);
  return (
    <Page title={words.site.title(name)} back={{ href: '/visit-setup', label: words.title }}>
      {value && isReady ? (
        <SiteForm
          key={asked.etag.value ?? ''}
          site_id={site_id}
          name={name}
          opened={{ value, etag: asked.etag.value ?? '', host: host?.value.value ?? null }}
        />
      ) : asked.failure.value ? (
        <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
      ) : (
        <Skeleton lines={6} />
      )}
    </Page>
  );
}
