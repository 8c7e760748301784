import { useEffect } from 'preact/hooks';
import { explain, useForm } from '../../api';
import { type Channel, readChoices, writeChoices } from '../../api/messaging';
import { hasModule, may } from '../../app/session';
import { formatList } from '../../i18n';
import { ChannelOrder, messagingWords } from '../../messaging';
import { snapshot } from '../../offline/snapshot';
import { orNull, useEdit } from '../../people';
import { Button, Checkbox, ErrorState, Facts, FormProblem, Notice, NumberField, Page, Section, Skeleton, TextField, toast } from '../../ui';
import { t } from './words';

type Choices = Awaited<ReturnType<typeof readChoices>>['value'];

const choices = () => snapshot('messages/settings', readChoices);

function ChoicesForm({ found, etag }: { found: Choices; etag: string }) {
  const words = t().settings;
  const edit = useEdit<Choices>(etag, readChoices);
  const { plan, ...shown } = found;
  const form = useForm({ ...shown, sender_name: found.sender_name ?? '' }, async ({ sender_name, ...values }) => {
    await edit.save((match) => writeChoices({ ...values, plan, sender_name: orNull(sender_name) }, match));
    toast(words.saved);
    await choices().refresh();
  });
  const channels = form.field('channels');
  return (
    <form class="stack narrow" {...form.props}>
      <FormProblem {...form.problem} />
      {edit.theirs && <Notice tone="warn">{messagingWords().preference.clash}</Notice>}
      <ChannelOrder
        label={words.channels}
        value={form.values.channels}
        onValue={(next: Channel[]) => channels.onValue(next)}
        error={form.values.channels.length === 0 ? messagingWords().order.needed : channels.error}
      />
      <TextField {...form.field('sender_name')} label={words.senderName} hint={words.senderNameHint} maxLength={11} />
      {hasModule('alerts') && (
        <>
          <Checkbox {...form.field('approval')} label={words.approval} hint={words.approvalHint} />
          <NumberField
            {...form.field('countdown_s')}
            onValue={(value) => form.set({ countdown_s: value ?? 0 })}
            label={words.countdown}
            hint={words.countdownHint}
            unit={words.seconds}
            min={0}
            max={60}
            required
          />
        </>
      )}
      <NumberField
        {...form.field('content_days')}
        onValue={(value) => form.set({ content_days: value ?? 1 })}
        label={words.contentDays}
        hint={words.contentDaysHint}
        unit={words.days}
        min={1}
        max={400}
        required
      />
      <div class="actions start">
        <Button look="primary" {...form.submit} disabled={form.values.channels.length === 0}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}

function Shown({ found }: { found: Choices }) {
  const words = t().settings;
  return (
    <Facts
      of={[
        [words.channels, formatList(found.channels.map((channel) => messagingWords().channels[channel]))],
        [words.senderName, found.sender_name],
        [words.approval, found.approval ? words.yes : words.no],
        [words.countdown, `${found.countdown_s} ${words.seconds}`],
        [words.contentDays, `${found.content_days} ${words.days}`],
      ]}
    />
  );
}

/** How the organization sends: channels, sender name, approval, countdown, how long texts are kept. */
export default function MessagingSettings() {
  const asked = choices();
  useEffect(() => void asked.open(), []);
  const words = t().settings;
  const found = asked.value.value;
  return (
    <Page
      title={words.title}
      about={words.about}
      back={{ href: '/messages', label: t().title }}
      busy={asked.loading.value && found !== null}
    >
      {!found &&
        (asked.failure.value === null ? (
          <Skeleton lines={6} />
        ) : (
          <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
        ))}
      {found && (
        <Section>
          {may('messaging_settings.edit', 'all') ? (
            <ChoicesForm key={asked.etag.value ?? ''} found={found} etag={asked.etag.value ?? ''} />
          ) : (
            <Shown found={found} />
          )}
        </Section>
      )}
    </Page>
  );
}
