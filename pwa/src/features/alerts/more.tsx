/** The long form: everything about an alert that the short way leaves as the organization has it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { connection } from '../../api';
import { previewAlert, SEVERITIES } from '../../api/alerts';
import { REPLIES, type ReplyKind, type Severity, type Template, type Texts } from '../../api/messaging-types';
import { byName } from '../../i18n';
import { ChannelOrder, emptyTexts, isWritten, messagingWords, TextsEditor, usePreview } from '../../messaging';
import { t as kindWords } from '../../messaging/alert-words';
import { choices } from '../../messaging/target';
import { TargetPicker } from '../../messaging/target-picker';
import { serverTime_ms } from '../../offline/clock';
import { StorageFull } from '../../offline/outbox';
import { groups } from '../../people';
import { Button, ButtonLink, Checkbox, NumberField, Notice, Page, Section, Select, Switch, TextField } from '../../ui';
import './alerts.css';
import { bodyOf, change, choose, type Draft, draft, USUAL } from './draft';
import { KindChoice } from './kind-choice';
import { hand, openSettings, prepared } from './store';
import { Sum } from './sum';
import { t } from './words';

const USUAL_PLAN = { channels: ['push', 'sms', 'email'], seconds_between: 60, rounds: 2, silence: 'tell_sender' } satisfies Draft['plan'];
const HOURS = [1, 2, 4, 8, 24, 72] as const;

/** From a template, or written here. */
function Say({ now, own }: { now: Draft; own: { value: Texts } }) {
  const words = t().long;
  const known = (prepared().value.value ?? []).toSorted(byName((template) => template.name));
  const chosen = now.said && 'template' in now.said ? now.said.template : null;
  const template = known.find((one) => one.id === chosen?.id) ?? null;
  const pick = (id: string) => change({ said: id ? { template: { id, fields: {} } } : { texts: own.value } });
  return (
    <Section title={words.what}>
      {known.length > 0 && (
        <Select
          name="template"
          label={words.template}
          value={chosen?.id ?? ''}
          options={[{ value: '', label: words.noTemplate }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
          onValue={pick}
        />
      )}
      {template ? (
        <Filled template={template} fields={chosen?.fields ?? {}} />
      ) : (
        <TextsEditor
          value={own.value}
          onValue={(texts) => {
            own.value = texts;
            change({ said: { texts } });
          }}
        />
      )}
      <Select
        name="severity"
        label={t().severity}
        value={now.severity ?? USUAL}
        options={SEVERITIES.map((severity) => ({ value: severity, label: kindWords().severities[severity] }))}
        onValue={(severity: Severity) => change({ severity })}
      />
    </Section>
  );
}

function Filled({ template, fields }: { template: Template; fields: Record<string, string> }) {
  return (
    <div class="stack">
      {Object.entries(template.texts).map(([locale, text]) => (
        <blockquote key={locale} lang={locale}>
          <strong>{text.subject}</strong>
          <p>{text.body}</p>
        </blockquote>
      ))}
      {template.fields.map((field) => (
        <TextField
          key={field}
          name={`template.fields.${field}`}
          label={field}
          value={fields[field] ?? ''}
          maxLength={200}
          required
          onValue={(value) => change({ said: { template: { id: template.id, fields: { ...fields, [field]: value } } } })}
        />
      ))}
    </div>
  );
}

function PlanFields({ plan }: { plan: NonNullable<Draft['plan']> }) {
  const words = t().long;
  const set = (changes: Partial<typeof plan>) => change({ plan: { ...plan, ...changes } });
  const known = groups().value.value ?? [];
  return (
    <div class="stack">
      <ChannelOrder
        value={plan.channels}
        onValue={(channels) => set({ channels })}
        error={plan.channels.length === 0 ? words.oneChannel : undefined}
      />
      <div class="side-by-side">
        <NumberField
          name="seconds_between"
          label={words.between}
          unit={words.seconds}
          value={plan.seconds_between}
          min={15}
          max={3600}
          required
          onValue={(value) => set({ seconds_between: value ?? 60 })}
        />
        <NumberField
          name="rounds"
          label={words.rounds}
          value={plan.rounds}
          min={1}
          max={10}
          required
          onValue={(value) => set({ rounds: value ?? 2 })}
        />
      </div>
      <Select
        name="silence"
        label={words.silence}
        value={plan.silence}
        options={[
          { value: 'tell_sender', label: words.tellSender },
          ...known.map(({ id, name }) => ({ value: `group:${id}` as const, label: words.alertGroup(name) })),
        ]}
        onValue={(silence) => set({ silence })}
      />
    </div>
  );
}

function Quorum({ quorum }: { quorum: Draft['quorum'] }) {
  const words = t().long;
  return (
    <>
      <Switch
        label={words.quorum}
        hint={words.quorumHint}
        value={quorum !== null}
        onValue={(on) => change({ quorum: on ? { reply: 'on_my_way', count: 5 } : null })}
      />
      {quorum && (
        <div class="side-by-side">
          <Select
            name="quorum_reply"
            label={words.quorumReply}
            value={quorum.reply}
            options={REPLIES.map((reply) => ({ value: reply, label: messagingWords().replied[reply] ?? reply }))}
            onValue={(reply: ReplyKind) => change({ quorum: { ...quorum, reply } })}
          />
          <NumberField
            name="quorum_count"
            label={words.quorumCount}
            value={quorum.count}
            min={1}
            max={10_000}
            required
            onValue={(count) => change({ quorum: { ...quorum, count: count ?? 1 } })}
          />
        </div>
      )}
    </>
  );
}

function Course({ now }: { now: Draft }) {
  const words = t().long;
  return (
    <Section title={words.course}>
      <Switch label={words.asksReply} value={now.asks_reply} onValue={(asks_reply) => change({ asks_reply })} />
      <Switch label={words.lateEntry} hint={words.lateHint} value={now.late_entry} onValue={(late_entry) => change({ late_entry })} />
      <Select
        name="expires"
        label={words.expires}
        value={String(now.expires_h ?? '')}
        options={[{ value: '', label: words.expiresUsual }, ...HOURS.map((hours) => ({ value: String(hours), label: words.hours(hours) }))]}
        onValue={(hours) => change({ expires_h: hours ? Number(hours) : null })}
      />
      <Checkbox
        label={words.ownPlan}
        hint={words.ownPlanHint}
        value={now.plan !== null}
        onValue={(on) => change({ plan: on ? USUAL_PLAN : null })}
      />
      {now.plan && <PlanFields plan={now.plan} />}
      <Quorum quorum={now.quorum} />
    </Section>
  );
}

/** What still lacks before it can be sent; null: nothing. */
function lacking(now: Draft): string | null {
  const words = t().long;
  if (choices(now.chosen) === 0) return words.lacksWho;
  if (!now.said || ('texts' in now.said && !isWritten(now.said.texts))) return words.lacksText;
  if ('template' in now.said) {
    const { id, fields } = now.said.template;
    const wanted = prepared().value.value?.find((one) => one.id === id)?.fields ?? [];
    if (wanted.some((field) => !fields[field]?.trim())) return words.lacksFields;
  }
  return now.plan?.channels.length === 0 ? words.oneChannel : null;
}

export default function More() {
  const words = t();
  const now = draft.value;
  const full = useSignal(false);
  const own = useSignal<Texts>(now.said && 'texts' in now.said ? now.said.texts : emptyTexts());
  useEffect(() => {
    void prepared().open();
    openSettings();
  }, []);
  const lacks = lacking(now);
  const body = lacks ? null : bodyOf(now, serverTime_ms());
  const { expires_at: _, ...asked } = body ?? {};
  const counted = usePreview(body && JSON.stringify(asked), () => previewAlert(body!));
  const send = (asDraft: boolean) => {
    const last = bodyOf(now, serverTime_ms());
    if (last)
      void hand(last, { asDraft }).catch((error: unknown) => {
        if (!(error instanceof StorageFull)) throw error;
        full.value = true;
      });
  };
  return (
    <Page title={words.long.title} back={{ href: '/alert', label: words.title }}>
      <KindChoice value={now.exercise} onValue={(exercise) => change({ exercise })} />
      {connection.value !== 'online' && <Notice tone="warn">{words.offline}</Notice>}
      <Section>
        <TargetPicker of="alert" value={now.chosen} onValue={choose} />
        <div class="actions start">
          <ButtonLink icon="corners" href="/alert/area">
            {now.chosen.area ? words.changeArea : words.drawArea}
          </ButtonLink>
        </div>
      </Section>
      <Say now={now} own={own} />
      <Course now={now} />
      <Section title={words.long.check}>
        {lacks ? <p class="muted">{lacks}</p> : <Sum counted={counted} />}
        {full.value && <Notice tone="bad">{words.full}</Notice>}
        <div class="actions start">
          <Button
            look={now.exercise === 'actual' ? 'danger' : 'primary'}
            icon="siren"
            disabled={lacks !== null}
            onClick={() => send(false)}
          >
            {words.sendOwn}
          </Button>
          <Button disabled={lacks !== null} onClick={() => send(true)}>
            {words.long.keep}
          </Button>
        </div>
      </Section>
    </Page>
  );
}
