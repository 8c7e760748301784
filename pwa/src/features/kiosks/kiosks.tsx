import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { answer, api, explain, useForm, type components } from '../../api';
import { formatDate, formatTime } from '../../i18n';
import {
  Button,
  ButtonLink,
  confirm,
  Empty,
  ErrorState,
  Facts,
  FormProblem,
  Page,
  Section,
  Select,
  Skeleton,
  Switch,
  Table,
  TextField,
  toast,
} from '../../ui';
import './kiosks.css';
import { Picture } from './picture';
import { askPin, type Device, devices, failure, load, mayChangeRules, rules, sites } from './store';
import { t } from './words';

type Made = components['schemas']['EnrolmentOut'];

/** The code that was just made; gone when the screen is left. */
const made = signal<Made | null>(null);

const siteName = (id: string | null) => sites.value?.find((site) => site.id === id)?.name ?? '';

function Rules() {
  const wrong = useSignal<unknown>(null);
  const words = t().kiosks;
  if (!rules.value) return null;
  const change = async (asks_pin: boolean) => {
    wrong.value = null;
    await askPin(asks_pin).catch((error: unknown) => (wrong.value = error));
  };
  return (
    <Section title={words.pinTitle}>
      {wrong.value !== null && <FormProblem explained={explain(wrong.value)} />}
      {mayChangeRules() ? (
        <Switch label={words.asksPin} hint={words.asksPinHint} value={rules.value.asks_pin} onValue={(on) => void change(on)} />
      ) : (
        <p>
          {rules.value.asks_pin ? words.pinOn : words.pinOff}. <span class="muted">{words.onlyOwner}</span>
        </p>
      )}
    </Section>
  );
}

function NewKiosk() {
  const words = t().kiosks;
  const form = useForm({ site_id: sites.value?.[0]?.id ?? '', name: '' }, async (body) => {
    made.value = await answer(api.POST('/api/v1/enrolments', { body }));
    form.set({ name: '' });
  });
  const code = made.value;
  return (
    <Section title={words.add} about={words.addAbout}>
      <form class="stack narrow" {...form.props}>
        <FormProblem {...form.problem} />
        <Select
          {...form.field('site_id')}
          label={words.site}
          options={(sites.value ?? []).map((site) => ({ value: site.id, label: site.name }))}
        />
        <TextField {...form.field('name')} label={words.name} hint={words.nameHint} maxLength={100} autocomplete="off" required />
        <div class="actions start">
          <Button look="primary" {...form.submit}>
            {words.make}
          </Button>
        </div>
      </form>
      {code && (
        <div class="made" role="status">
          <Picture svg={code.qr_svg} alt={words.qrAlt} />
          <Facts
            of={[
              [words.code, <code class="code">{code.code}</code>],
              [words.validUntil, formatTime(code.expires_at)],
              [words.open, <code>{code.link.split('#')[0]}</code>],
            ]}
          />
        </div>
      )}
    </Section>
  );
}

function InUse() {
  const wrong = useSignal<unknown>(null);
  const words = t().kiosks;
  const revoke = async (device: Device) => {
    if (!(await confirm({ title: words.revokeTitle, text: words.revokeText, action: words.revoke, danger: true }))) return;
    wrong.value = null;
    try {
      await answer(api.DELETE('/api/v1/devices/{device_id}', { params: { path: { device_id: device.id } } }));
      toast(words.revoked);
    } catch (error) {
      wrong.value = error;
    }
    await load();
  };
  return (
    <Section title={words.list}>
      {wrong.value !== null && <FormProblem explained={explain(wrong.value)} />}
      {devices.value.length === 0 ? (
        <p class="muted">{words.none}</p>
      ) : (
        <Table
          caption={words.list}
          rows={devices.value}
          rowKey={(device) => device.id}
          columns={[
            { key: 'name', head: words.name, cell: (device) => device.name },
            { key: 'site', head: words.site, cell: (device) => siteName(device.site_id) },
            { key: 'since', head: words.since, cell: (device) => formatDate(device.created_at) },
            {
              key: 'revoke',
              head: words.revoke,
              align: 'end',
              cell: (device) => <Button onClick={() => void revoke(device)}>{words.revoke}</Button>,
            },
          ]}
        />
      )}
    </Section>
  );
}

function Posters() {
  const words = t().kiosks;
  return (
    <Section title={words.posters} about={words.postersAbout}>
      <ul class="posters">
        {(sites.value ?? []).map((site) => (
          <li key={site.id}>
            <span>{site.name}</span>
            <ButtonLink href={`/sites/${site.id}/poster`} icon="qr">
              {words.poster}
            </ButtonLink>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** For managers: what kiosks ask, a new one, those in use, and the posters. */
export default function Kiosks() {
  useEffect(() => {
    void load();
    return () => (made.value = null);
  }, []);
  const words = t().kiosks;
  const shown = sites.value;
  return (
    <Page title={words.title} about={words.about}>
      {failure.value !== null && <ErrorState explained={explain(failure.value)} onRetry={() => void load()} />}
      {!shown && failure.value === null && <Skeleton lines={6} />}
      {shown?.length === 0 && (
        <Empty icon="building" title={words.noSites}>
          {words.noSitesAbout}
        </Empty>
      )}
      {shown && shown.length > 0 && (
        <>
          <NewKiosk />
          <InUse />
          <Rules />
          <Posters />
        </>
      )}
    </Page>
  );
}
