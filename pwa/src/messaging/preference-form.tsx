import { type Form, useForm } from '../api';
import { CHANNELS, type Channel, type Preference, type PreferenceIn } from '../api/messaging';
import { formatDate } from '../i18n';
import { useEdit } from '../people';
import { Button, Checkbox, Choice, FormProblem, Notice, TextField, toast } from '../ui';
import { ChannelOrder } from './channel-order';
import { t } from './words';

interface Values extends Record<string, unknown> {
  own: boolean;
  channels: Channel[];
  apprise: string;
  quiet: boolean;
  quiet_from: string;
  quiet_until: string;
  opted_out: boolean;
}

const valuesOf = (found: Preference): Values => ({
  own: found.channels !== null,
  channels: found.channels ?? ['push', 'sms', 'email'],
  apprise: found.apprise ?? '',
  quiet: found.quiet_from !== null,
  quiet_from: found.quiet_from?.slice(0, 5) ?? '22:00',
  quiet_until: found.quiet_until?.slice(0, 5) ?? '07:00',
  opted_out: found.opted_out_at !== null,
});

const bodyOf = ({ own, channels, apprise, quiet, quiet_from, quiet_until, opted_out }: Values): PreferenceIn => ({
  channels: own ? channels : null,
  apprise: apprise.trim() || null,
  quiet_from: quiet ? quiet_from : null,
  quiet_until: quiet ? quiet_until : null,
  opted_out,
});

interface FormProps {
  found: Preference;
  etag: string;
  read: () => Promise<{ value: Preference; etag: string }>;
  write: (body: PreferenceIn, etag: string) => Promise<Preference>;
  onSaved: () => void;
  /** Whether it is one's own, or somebody else's. */
  mine: boolean;
}

function Quiet({ form, mine }: { form: Form<Values>; mine: boolean }) {
  const words = t().preference;
  return (
    <fieldset class="stack tight">
      <Checkbox
        {...form.field('quiet')}
        label={words.quiet}
        hint={mine ? words.quietHint : words.quietHintOther}
        error={form.field('quiet_from').error}
      />
      {form.values.quiet && (
        <div class="quiet-hours">
          <TextField {...form.field('quiet_from')} label={words.from} type="time" required />
          <TextField {...form.field('quiet_until')} label={words.until} type="time" required />
        </div>
      )}
    </fieldset>
  );
}

/** How somebody wants to be reached: channels in order, quiet hours, no ordinary messages. */
export function PreferenceForm({ found, etag, read, write, onSaved, mine }: FormProps) {
  const words = t().preference;
  const edit = useEdit<Preference>(etag, read);
  const form = useForm<Values>(valuesOf(found), async (values) => {
    await edit.save((match) => write(bodyOf(values), match));
    toast(words.saved);
    onSaved();
  });
  const channels = form.field('channels');
  return (
    <form class="stack" {...form.props}>
      <FormProblem {...form.problem} />
      {edit.theirs && <Notice tone="warn">{words.clash}</Notice>}
      <Choice
        label={words.which}
        value={form.values.own ? 'own' : 'organization'}
        options={[
          { value: 'organization', label: words.asOrganization },
          { value: 'own', label: words.own },
        ]}
        onValue={(which) => form.set({ own: which === 'own' })}
      />
      {form.values.own && <ChannelOrder value={form.values.channels} onValue={channels.onValue} among={CHANNELS} error={channels.error} />}
      {form.values.own && form.values.channels.includes('apprise') && (
        <TextField {...form.field('apprise')} label={words.apprise} hint={words.appriseHint} required />
      )}
      <Quiet form={form} mine={mine} />
      <Checkbox {...form.field('opted_out')} label={mine ? words.optOut : words.optOutOther} hint={words.optOutHint} />
      {found.opted_out_at && (
        <p class="muted small">{words.optedOutSince(formatDate(found.opted_out_at), words.by[found.opted_out_by ?? ''] ?? '')}</p>
      )}
      <div class="actions start">
        <Button look="primary" {...form.submit}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}
