import { useSignal } from '@preact/signals';
import { useForm } from '../api';
import { formatTime, zone } from '../i18n';
import { Button, Checkbox, Choice, Dialog, FormProblem, Notice, TextField, toast } from '../ui';
import type { Span } from './lines';
import { addDays, momentOf } from './period';
import { type Sent, send } from './store';
import { t } from './words';

export interface About {
  kind: 'clock_out_missing' | 'clock_in_missing' | 'left_assumed';
  at: string;
}
type Times = {
  worked_on: string;
  since: string;
  until: string;
  afterMidnight: boolean;
};

/** The moments that were meant: an end at or before its start is on the next day. Pure. */
export function spanOf({ worked_on, since, until, afterMidnight }: Times, timeZone: string): Span {
  const day = afterMidnight ? addDays(worked_on, 1) : worked_on;
  const moment = (on: string, time: string) => new Date(momentOf(on, time, timeZone)).toISOString();
  return { since: moment(day, since), until: moment(until <= since ? addDays(day, 1) : day, until) };
}

interface ProposeProps {
  /** Whose day; oneself without. */
  person?: { person_id: string; name: string };
  worked_on: string;
  /** The question that this answers. */
  about?: About;
  onClose: () => void;
  onSent: (how: Sent) => void;
}

/** Propose to add time to a day or to take some off, with the reason. It works without a network. */
export function ProposeDialog({ person, worked_on, about, onClose, onSent }: ProposeProps) {
  const words = t();
  const isFull = useSignal(false);
  const areSame = useSignal(false);
  const first: Times & { kind: 'add' | 'remove'; reason: string } = {
    worked_on,
    kind: 'add',
    since: about ? formatTime(about.at) : '',
    until: '',
    afterMidnight: false,
    reason: '',
  };
  const form = useForm(first, async (values) => {
    isFull.value = false;
    areSame.value = values.since === values.until;
    if (areSame.value) return;
    const span = spanOf(values, zone.value);
    const change = { worked_on: values.worked_on, kind: values.kind, ...span, reason: values.reason };
    const how = await send('correction', { ...change, ...(person && { person_id: person.person_id }), ...(about && { about }) });
    isFull.value = how === 'full';
    if (how === 'full') return;
    toast(words.sent[how]);
    onSent(how);
  });
  const { since, until, afterMidnight } = form.values;
  return (
    <Dialog title={person ? words.proposeFor(person.name) : words.propose} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        {isFull.value && <Notice tone="bad" title={words.full.title} children={words.full.text} />}
        <TextField {...form.field('worked_on')} type="date" label={words.workedOn} required />
        <Choice
          label={words.what}
          value={form.values.kind}
          options={[
            { value: 'add', label: words.kinds.add },
            { value: 'remove', label: words.kinds.remove },
          ]}
          onValue={(kind) => form.set({ kind })}
        />
        <div class="two">
          <TextField {...form.field('since')} type="time" label={words.from} required />
          <TextField
            {...form.field('until')}
            type="time"
            label={words.until}
            hint={since && until && until < since ? words.untilNextDay : undefined}
            error={areSame.value && since === until ? words.sameTimes : form.field('until').error}
            required
          />
        </div>
        {(afterMidnight || (since !== '' && since < '12:00' && !about)) && (
          <Checkbox
            label={words.afterMidnight}
            hint={words.afterMidnightHint}
            value={afterMidnight}
            onValue={(on) => form.set({ afterMidnight: on })}
          />
        )}
        <TextField {...form.field('reason')} label={words.why_} hint={words.reasonHint} rows={3} maxLength={1000} required />
        <footer class="actions">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look="primary" {...form.submit}>
            {words.send}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
