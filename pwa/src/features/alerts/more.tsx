/** The long form: everything about an alert that the short way leaves as the organization has it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { connection, explain } from '../../api';
import { at, navigate } from '../../app/router';
import { previewAlert, SEVERITIES } from '../../api/alerts';
import { REPLIES, type ReplyKind, type Severity, type Template, type Texts } from '../../api/messaging-types';
import { byName, formatDateTime } from '../../i18n';
import { ChannelOrder, emptyTexts, isWritten, messagingWords, TextsEditor, usePreview } from '../../messaging';
import { KindBand } from '../../messaging/alert-kind';
import { t as kindWords } from '../../messaging/alert-words';
import { TargetPicker } from '../../messaging/target-picker';
import { serverTime_ms } from '../../offline/clock';
import { StorageFull } from '../../offline/outbox';
import { groups } from '../../people';
import {
  Button,
  ButtonLink,
  Checkbox,
  ErrorState,
  type Explained,
  FormProblem,
  NumberField,
  Notice,
  Page,
  Section,
  Select,
  Skeleton,
  Switch,
  TextField,
} from '../../ui';
import './alerts.css';
import { aimOf, bodyOf, change, choose, type Draft, draft, USUAL } from './draft';
import { KindChoice } from './kind-choice';
import { beginAnew, hand, isSure, openSettings, prepared, save, takeUp } from './store';
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
        options={[
          { value: '', label: now.kept?.expires_at ? words.expiresKept(formatDateTime(now.kept.expires_at)) : words.expiresUsual },
          ...HOURS.map((hours) => ({ value: String(hours), label: words.hours(hours) })),
        ]}
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
  if (aimOf(now) === null) return words.lacksWho;
  if (!now.said || ('texts' in now.said && !isWritten(now.said.texts))) return words.lacksText;
  if ('template' in now.said) {
    const { id, fields } = now.said.template;
    const wanted = prepared().value.value?.find((one) => one.id === id)?.fields ?? [];
    if (wanted.some((field) => !fields[field]?.trim())) return words.lacksFields;
  }
  return now.plan?.channels.length === 0 ? words.oneChannel : null;
}

/** Whom it is for. What was made elsewhere may say more than can be shown here: it stays, or is chosen anew. */
function Who({ now }: { now: Draft }) {
  const words = t();
  const { kept } = now;
  return (
    <Section>
      {kept?.target ? (
        <Notice actions={<Button onClick={() => change({ kept: { ...kept, target: null } })}>{words.long.whoAnew}</Button>}>
          {words.long.whoKept}
        </Notice>
      ) : (
        <TargetPicker of="alert" value={now.chosen} onValue={choose} />
      )}
      <div class="actions start">
        <ButtonLink icon="corners" href="/alert/area">
          {now.chosen.area ? words.changeArea : words.drawArea}
        </ButtonLink>
      </div>
    </Section>
  );
}

/** The draft that the address names is fetched first, unless it is the one that is being changed already. */
export default function More() {
  const id = at.value.query.get('draft');
  const wrong = useSignal<Explained | null>(null);
  const turn = useSignal(0);
  const isThere = id === null ? draft.value.kept === null : draft.value.kept?.id === id;
  useEffect(() => {
    if (id === null) beginAnew();
    else if (!isThere) {
      wrong.value = null;
      void takeUp(id).then(
        (how) => how === 'gone on' && navigate(`/alerts/${id}`, { replace: true }),
        (failure: unknown) => (wrong.value = explain(failure)),
      );
    }
  }, [id, turn.value]);
  if (isThere) return <Form key={id ?? ''} />;
  return (
    <Page title={t().long.changeTitle} back={{ href: `/alerts/${id}`, label: t().title }}>
      {wrong.value ? <ErrorState explained={wrong.value} onRetry={() => (turn.value += 1)} /> : <Skeleton lines={8} />}
    </Page>
  );
}

function Form() {
  const words = t();
  const now = draft.value;
  const { kept } = now;
  const full = useSignal(false);
  const busy = useSignal<'keep' | 'send' | null>(null);
  const wrong = useSignal<Explained | null>(null);
  const own = useSignal<Texts>(now.said && 'texts' in now.said ? now.said.texts : emptyTexts());
  useEffect(() => {
    void prepared().open();
    openSettings();
  }, []);
  const lacks = lacking(now);
  const body = lacks ? null : bodyOf(now, serverTime_ms());
  const { expires_at: _, ...asked } = body ?? {};
  const counted = usePreview(body && JSON.stringify(asked), () => previewAlert(body!));
  const send = async (asDraft: boolean) => {
    const last = bodyOf(now, serverTime_ms());
    if (!last || (!asDraft && !(await isSure()))) return;
    [busy.value, wrong.value] = [asDraft ? 'keep' : 'send', null];
    try {
      if (kept) await save(kept, last, { send: !asDraft });
      else await hand(last, { asDraft });
    } catch (error) {
      if (error instanceof StorageFull) full.value = true;
      else {
        const said = explain(error);
        wrong.value = { ...said, next: [...said.fields.values()].join(' ') || said.next };
      }
    }
    busy.value = null;
  };
  return (
    <Page
      title={kept ? words.long.changeTitle : words.long.title}
      back={kept ? { href: `/alerts/${kept.id}`, label: words.title } : { href: '/alert', label: words.title }}
    >
      {kept ? (
        <KindBand exercise={now.exercise}>{words.long.kindStays}</KindBand>
      ) : (
        <KindChoice value={now.exercise} onValue={(exercise) => change({ exercise })} />
      )}
      {connection.value !== 'online' && <Notice tone="warn">{kept ? words.long.offline : words.offline}</Notice>}
      <Who now={now} />
      <Say now={now} own={own} />
      <Course now={now} />
      <Section title={words.long.check}>
        {lacks ? <p class="muted">{lacks}</p> : <Sum counted={counted} />}
        {full.value && <Notice tone="bad">{words.full}</Notice>}
        <FormProblem explained={wrong.value} />
        <div class="actions start">
          <Button
            look={now.exercise === 'actual' ? 'danger' : 'primary'}
            icon="siren"
            disabled={lacks !== null}
            busy={busy.value === 'send'}
            onClick={() => void send(false)}
          >
            {words.sendOwn}
          </Button>
          <Button disabled={lacks !== null} busy={busy.value === 'keep'} onClick={() => void send(true)}>
            {kept ? words.long.keepChanges : words.long.keep}
          </Button>
        </div>
      </Section>
    </Page>
  );
}
