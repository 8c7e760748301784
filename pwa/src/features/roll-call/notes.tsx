import { useSignal } from '@preact/signals';
import { formatTime } from '../../i18n';
import { takeDown } from '../../rollcall/store';
import type { RollCall } from '../../rollcall/types';
import { Button, Section, TextField } from '../../ui';
import { last, stored } from './marking';
import { nameOf } from './person';
import { t } from './words';

/** What responders wrote down, the latest first. */
export function Notes({ call, readOnly }: { call: RollCall; readOnly: boolean }) {
  const words = t().notes;
  const text = useSignal('');
  const wrong = useSignal('');
  const submit = async (event: Event) => {
    event.preventDefault();
    const said = text.value.trim();
    wrong.value = said ? '' : words.empty;
    if (said && (await stored(async () => (await takeDown(call.id, said), true)))) {
      text.value = '';
      last.value = null; // undo is of the last thing done, and that was a note
    }
  };
  return (
    <Section title={words.title} about={call.notes.length === 0 ? words.none : undefined}>
      {!readOnly && (
        <form class="stack" noValidate onSubmit={(event) => void submit(event)}>
          <TextField
            name="text"
            label={words.label}
            value={text.value}
            onValue={(value) => (text.value = value)}
            error={wrong.value || undefined}
            maxLength={1000}
            required
          />
          <div class="actions start">
            <Button type="submit" icon="edit">
              {words.add}
            </Button>
          </div>
        </form>
      )}
      {call.notes.length > 0 && (
        <ul class="lines">
          {call.notes.toReversed().map((note) => (
            <li key={note.id}>
              <p>{note.text}</p>
              <p class="muted small">{[formatTime(note.said_at), nameOf(call, note.responder_id)].filter(Boolean).join(' · ')}</p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
