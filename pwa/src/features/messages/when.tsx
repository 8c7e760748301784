import { dayOf } from '../../i18n';
import { serverTime_ms } from '../../offline/clock';
import { Checkbox, Choice, TextField } from '../../ui';
import { change, draft } from './draft';
import { t } from './words';

/** At once, or at a day and time: of the organization, or of each recipient's site. */
export function When({ error }: { error: string | undefined }) {
  const words = t().compose;
  const { due } = draft.value;
  const today = dayOf(serverTime_ms());
  return (
    <fieldset class="stack tight">
      <Choice
        label={words.when}
        value={due ? 'later' : 'now'}
        options={[
          { value: 'now', label: words.now },
          { value: 'later', label: words.later },
        ]}
        onValue={(when) => change({ due: when === 'now' ? null : { day: today, time: '', theirs: false } })}
      />
      {due && (
        <>
          <div class="quiet-hours">
            <TextField
              name="day"
              type="date"
              label={words.day}
              value={due.day}
              min={today}
              onValue={(day) => change({ due: { ...due, day } })}
              error={error}
              required
            />
            <TextField
              name="time"
              type="time"
              label={words.time}
              value={due.time}
              onValue={(time) => change({ due: { ...due, time } })}
              required
            />
          </div>
          <Checkbox
            label={words.theirs}
            hint={words.theirsHint}
            value={due.theirs}
            onValue={(theirs) => change({ due: { ...due, theirs } })}
          />
        </>
      )}
    </fieldset>
  );
}
