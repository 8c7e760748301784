import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain, useForm } from '../../api';
import { dayOf, formatDay, formatTime, zone } from '../../i18n';
import { Button, Dialog, FormProblem, Notice, Section, TextField, toast } from '../../ui';
import { addDays, momentOf, type Question, questions, send } from '../../workday';
import { t } from './words';

/** The moment that was meant by a time of day: a clock-out after the clock-in, a clock-in before the clock-out. Pure. */
export function rightMoment(question: Pick<Question, 'kind' | 'at'>, time: string, timeZone: string): string {
  const at_ms = Date.parse(question.at);
  const day = dayOf(at_ms, timeZone);
  const same = momentOf(day, time, timeZone);
  const other = question.kind === 'clock_out_missing' && same <= at_ms ? 1 : question.kind === 'clock_in_missing' && same >= at_ms ? -1 : 0;
  return new Date(other === 0 ? same : momentOf(addDays(day, other), time, timeZone)).toISOString();
}

function AnswerDialog({ question, onClose, onAnswered }: { question: Question; onClose: () => void; onAnswered: () => void }) {
  const words = t();
  const isFull = useSignal(false);
  const form = useForm({ right: '', reason: '' }, async ({ right, reason }) => {
    const { worked_on, kind, at } = question;
    const how = await send('answer', { worked_on, kind, at, right: rightMoment(question, right, zone.value), reason });
    isFull.value = how === 'full';
    if (how === 'full') return;
    toast(words.answered[how]);
    onAnswered();
  });
  return (
    <Dialog title={words.asks[question.kind](formatTime(question.at))} onClose={onClose}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        {isFull.value && <Notice tone="bad">{words.full}</Notice>}
        <TextField {...form.field('right')} type="time" label={words.right[question.kind]} hint={formatDay(question.worked_on)} required />
        <TextField {...form.field('reason')} label={words.reason} hint={words.reasonHint} rows={3} maxLength={1000} required />
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

function Asks({ question, onAnswered }: { question: Question; onAnswered: () => void }) {
  const words = t();
  const isOpen = useSignal(false);
  const busy = useSignal(false);
  const failure = useSignal<unknown>(null);
  const { worked_on, kind, at } = question;
  const confirmEnd = async () => {
    busy.value = true;
    failure.value = null;
    try {
      const how = await send('answer', { worked_on, kind, at, right: null, reason: words.confirmReason });
      toast(how === 'full' ? words.full : words.confirmed[how]);
      if (how !== 'full') onAnswered();
    } catch (error) {
      failure.value = error;
    } finally {
      busy.value = false;
    }
  };
  return (
    <li class="stack tight">
      <p>
        <strong>{formatDay(worked_on)}</strong>: {words.asks[kind](formatTime(at))}
      </p>
      {failure.value !== null && <FormProblem explained={explain(failure.value)} />}
      <div class="actions start">
        {kind === 'left_assumed' && (
          <Button icon="check" busy={busy.value} onClick={() => void confirmEnd()}>
            {words.yes}
          </Button>
        )}
        <Button icon="edit" onClick={() => (isOpen.value = true)}>
          {kind === 'left_assumed' ? words.no : words.giveTime}
        </Button>
      </div>
      {isOpen.value && (
        <AnswerDialog
          question={question}
          onClose={() => (isOpen.value = false)}
          onAnswered={() => {
            isOpen.value = false;
            onAnswered();
          }}
        />
      )}
    </li>
  );
}

/** What one's days of the last two weeks ask; nothing when they ask nothing. */
export function Questions({ onAnswered }: { onAnswered: () => void }) {
  const words = t();
  const asked = questions();
  useEffect(() => void asked.open(), []);
  const found = asked.value.value ?? [];
  if (found.length === 0) return null;
  return (
    <Section title={words.questions(found.length)} about={words.questionsAbout}>
      <ul class="lines">
        {found.map((question) => (
          <Asks
            key={`${question.kind} ${question.at}`}
            question={question}
            onAnswered={() => {
              void asked.refresh();
              onAnswered();
            }}
          />
        ))}
      </ul>
    </Section>
  );
}
