import type { Form } from '../api';
import { Checkbox, TextField } from '../ui';
import { WEEKDAYS, weekdayName } from './weekly-words';
import { t } from './words';
import './people.css';

export interface WeeklyValues {
  weekdays: number[];
  starts_at: string;
  ends_at: string;
  valid_from: string;
  valid_until: string;
}

/** Days, times, and since when: the fields that shifts and working windows share. */
export function WeeklyFields<V extends WeeklyValues & Record<string, unknown>>({ form }: { form: Form<V> }) {
  const words = t().weekly;
  const days = form.field('weekdays');
  const { weekdays, starts_at, ends_at } = form.values;
  return (
    <>
      <fieldset class="weekdays" aria-describedby={days.error ? 'weekdays-error' : undefined}>
        <legend>{words.days}</legend>
        <div>
          {WEEKDAYS.map((day) => (
            <Checkbox
              key={day}
              label={weekdayName(day)}
              value={weekdays.includes(day)}
              onValue={(on) => days.onValue(WEEKDAYS.filter((one) => (one === day ? on : weekdays.includes(one))) as V['weekdays'])}
            />
          ))}
        </div>
        {days.error && (
          <p class="error" id="weekdays-error">
            {days.error}
          </p>
        )}
      </fieldset>
      <div class="side-by-side">
        <TextField {...form.field('starts_at')} label={words.starts} type="time" required />
        <TextField
          {...form.field('ends_at')}
          label={words.ends}
          type="time"
          hint={starts_at && ends_at && ends_at <= starts_at ? words.nextDayHint : undefined}
          required
        />
      </div>
      <div class="side-by-side">
        <TextField {...form.field('valid_from')} label={words.first} type="date" required />
        <TextField {...form.field('valid_until')} label={words.last} hint={words.lastHint} type="date" />
      </div>
    </>
  );
}
