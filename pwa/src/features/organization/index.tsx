import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { answer, api, explain, tagged, useForm, type components } from '../../api';
import { at, setQuery } from '../../app/router';
import { hasModule, may, refresh } from '../../app/session';
import { LANGUAGES, type Language } from '../../i18n';
import { snapshot } from '../../offline/snapshot';
import { common, useEdit } from '../../people';
import {
  Button,
  confirm,
  ErrorState,
  Facts,
  FormProblem,
  Page,
  Section,
  Select,
  Skeleton,
  Switch,
  Tabs,
  TextField,
  toast,
  type Explained,
} from '../../ui';
import { t } from './words';

type Schemas = components['schemas'];
type Organization = Schemas['OrganizationOut'];
type Module = Schemas['ModulesIn']['modules'][number];
type Values = Omit<Schemas['OrganizationIn'], never> & Record<string, string>;

const MODULES: readonly Module[] = ['attendance', 'geofence', 'messages', 'alerts', 'visitors', 'calls'];
const FIELDS = ['name', 'contact_name', 'billing_address', 'telephone', 'email', 'timezone', 'locale'] as const;
const ZONES: readonly string[] = Intl.supportedValuesOf('timeZone');

const read = () => tagged(api.GET('/api/v1/organization'));
const organization = () => snapshot('organization', read);
const modules = () => snapshot('organization/modules', () => tagged(api.GET('/api/v1/organization/modules')));
const kiosk = () => snapshot('organization/kiosk', () => tagged(api.GET('/api/v1/organization/kiosk')));

const valuesOf = (of: Organization): Values => Object.fromEntries(FIELDS.map((field) => [field, of[field]])) as Values;

function DetailsForm({ opened, etag }: { opened: Organization; etag: string }) {
  const words = t().details;
  const edit = useEdit(etag, read);
  const form = useForm<Values>(valuesOf(opened), async (values) => {
    const body = { ...values, locale: values.locale as Language };
    await edit.save((match) => answer(api.PUT('/api/v1/organization', { params: { header: { 'If-Match': match } }, body })));
    toast(words.saved);
    await organization().refresh();
    await refresh();
  });
  const field = (name: (typeof FIELDS)[number], hint?: string) => {
    const theirs = edit.theirs && edit.theirs[name];
    const told = theirs !== null && theirs !== form.values[name] ? common().savedNow(theirs || common().nothing) : hint;
    return { ...form.field(name), value: form.values[name] ?? '', label: words[name], ...(told && { hint: told }) };
  };
  return (
    <form class="stack narrow" {...form.props}>
      <FormProblem {...form.problem} />
      {edit.theirs && <p>{common().clash}</p>}
      <TextField {...field('name')} maxLength={200} autocomplete="organization" required />
      <TextField {...field('contact_name', words.contactHint)} maxLength={200} autocomplete="name" required />
      <TextField {...field('billing_address')} rows={3} maxLength={1000} required />
      <TextField {...field('telephone', words.telephoneHint)} type="tel" maxLength={40} autocomplete="tel" required />
      <TextField {...field('email')} type="email" maxLength={254} autocomplete="email" required />
      <Select
        {...field('timezone', words.zoneHint)}
        options={[...new Set([form.values.timezone, ...ZONES])].map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
      />
      <Select
        {...field('locale', words.localeHint)}
        options={LANGUAGES.map((value) => ({ value: value as string, label: words.languages[value] }))}
      />
      <div class="actions start">
        <Button look="primary" {...form.submit}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}

function Details() {
  const asked = organization();
  useEffect(() => void asked.refresh(), []);
  const words = t().details;
  const found = asked.value.value;
  if (!found) {
    if (asked.failure.value === null) return <Skeleton lines={6} />;
    return <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />;
  }
  return (
    <Section title={words.title} about={words.about}>
      {may('organization.edit', 'all') ? (
        <DetailsForm key={found.id} opened={found} etag={asked.etag.value ?? ''} />
      ) : (
        <>
          <Facts of={FIELDS.map((field) => [words[field], found[field]] as const)} />
          <p class="muted">{words.onlyOwner}</p>
        </>
      )}
    </Section>
  );
}

/** One change after the other: each goes by the version that the one before it left. */
function useTurns(): (change: () => Promise<void>) => Promise<void> {
  const last = useRef(Promise.resolve());
  return (change) => (last.current = last.current.then(change));
}

function Modules() {
  const asked = modules();
  const trouble = useSignal<Explained | null>(null);
  const inTurn = useTurns();
  /** How the switches were set while the server has not answered yet. */
  const wanted = useSignal<Partial<Record<Module, boolean | undefined>>>({});
  useEffect(() => void asked.open(), []);
  const words = t().modules;
  const found = asked.value.value;
  const put = async (module: Module, on: boolean) => {
    const name = words.names[module];
    trouble.value = null;
    const next = MODULES.filter((one) => (one === module ? on : asked.value.peek()?.modules.includes(one)));
    try {
      const params = { header: { 'If-Match': asked.etag.peek() ?? '' } };
      await answer(api.PUT('/api/v1/organization/modules', { params, body: { modules: next } }));
      toast(on ? words.isOn(name) : words.isOff(name), on ? undefined : { label: common().undo, run: () => void set(module, true) });
      await refresh();
    } catch (error) {
      trouble.value = explain(error);
    }
    await asked.refresh();
  };
  const set = async (module: Module, on: boolean) => {
    const texts = { title: words.offTitle(words.names[module]), text: words.offText[module], action: words.switchOff };
    wanted.value = { ...wanted.peek(), [module]: on };
    if (on || (await confirm({ ...texts, danger: true }))) await inTurn(() => put(module, on));
    wanted.value = { ...wanted.peek(), [module]: undefined };
  };
  if (!found) {
    if (asked.failure.value === null) return <Skeleton lines={6} />;
    return <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />;
  }
  const mayEdit = may('module.edit', 'all');
  return (
    <Section title={words.title} about={words.about}>
      <FormProblem explained={trouble.value} />
      {!mayEdit && <p class="muted">{words.onlyOwner}</p>}
      <ul class="lines">
        {MODULES.map((module) => (
          <li key={module}>
            <Switch
              label={<strong>{words.names[module]}</strong>}
              hint={words.what[module]}
              value={wanted.value[module] ?? found.modules.includes(module)}
              disabled={!mayEdit}
              onValue={(on) => void set(module, on)}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Kiosk() {
  const asked = kiosk();
  const trouble = useSignal<Explained | null>(null);
  const inTurn = useTurns();
  useEffect(() => void asked.open(), []);
  const words = t().kiosk;
  const found = asked.value.value;
  const set = async (asks_pin: boolean) => {
    trouble.value = null;
    try {
      const params = { header: { 'If-Match': asked.etag.peek() ?? '' } };
      await answer(api.PUT('/api/v1/organization/kiosk', { params, body: { asks_pin } }));
      toast(asks_pin ? words.on : words.off);
    } catch (error) {
      trouble.value = explain(error);
    }
    await asked.refresh();
  };
  if (!found) return asked.failure.value === null ? <Skeleton /> : <ErrorState explained={explain(asked.failure.value)} />;
  return (
    <Section title={words.title}>
      <FormProblem explained={trouble.value} />
      <Switch
        label={words.asksPin}
        hint={words.hint}
        value={found.asks_pin}
        disabled={!may('organization.edit', 'all')}
        onValue={(on) => void inTurn(() => set(on))}
      />
      <p>
        <a href="/kiosks">{words.more}</a>
      </p>
    </Section>
  );
}

const PARTS = { details: Details, modules: Modules, kiosk: Kiosk };
type Part = keyof typeof PARTS;

/** The organization itself: its facts, its modules, and what kiosks ask. */
export default function OrganizationSettings() {
  const words = t();
  const parts = (Object.keys(PARTS) as Part[]).filter((part) => part !== 'kiosk' || hasModule('attendance'));
  const part = parts.find((one) => one === at.value.query.get('part')) ?? 'details';
  const Shown = PARTS[part];
  return (
    <Page title={words.title}>
      <Tabs
        label={words.title}
        current={part}
        tabs={parts.map((id) => ({ id, label: words.parts[id] }))}
        onChange={(next) => setQuery({ part: next === 'details' ? null : next })}
      >
        <Shown />
      </Tabs>
    </Page>
  );
}
