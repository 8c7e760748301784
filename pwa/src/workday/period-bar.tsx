import { at, setQuery } from '../app/router';
import { dayOf, formatDay } from '../i18n';
import { Button, Choice, TextField } from '../ui';
import { isDay, type Period, periodOf, stepped, type View, VIEWS } from './period';
import { t } from './words';

/** The period in the address: `?view=week&on=2026-05-04`. */
export function periodHere(otherwise: View): { view: View; on: string; period: Period } {
  const { query } = at.value;
  const view = VIEWS.find((known) => known === query.get('view')) ?? otherwise;
  const asked = query.get('on') ?? '';
  const on = isDay(asked) ? asked : dayOf(Date.now());
  return { view, on, period: periodOf(view, on) };
}

/** `Monday 4 May 2026`, `4 May – 10 May 2026`, `May 2026` */
export function periodSaid(view: View, { first, last }: Period): string {
  if (view === 'day') return formatDay(first, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  if (view === 'month') return formatDay(first, { month: 'long', year: 'numeric' });
  const short = { day: 'numeric', month: 'short' } as const;
  return `${formatDay(first, short)} – ${formatDay(last, { ...short, year: 'numeric' })}`;
}

/** Day, week or month; the one before, the one after, any date. */
export function PeriodBar({ otherwise, views = VIEWS }: { otherwise: View; views?: readonly View[] }) {
  const words = t();
  const { view, on, period } = periodHere(otherwise);
  const today = dayOf(Date.now());
  const isNow = period.first <= today && today <= period.last;
  return (
    <div class="period-bar">
      <div class="steps">
        <Button icon="arrowLeft" label={words.earlier[view]} onClick={() => setQuery({ on: stepped(view, on, -1) })} />
        <h2 aria-live="polite">{periodSaid(view, period)}</h2>
        <Button icon="arrowRight" label={words.later[view]} onClick={() => setQuery({ on: stepped(view, on, 1) })} />
      </div>
      <div class="choices">
        <Choice
          quiet
          label={words.view}
          value={view}
          options={views.map((value) => ({ value, label: words.views[value] }))}
          onValue={(next) => setQuery({ view: next === otherwise ? null : next })}
        />
        <TextField
          name="on"
          type="date"
          label={words.date}
          value={on}
          required
          onValue={(day) => isDay(day) && setQuery({ on: day === today ? null : day })}
        />
        {!isNow && <Button onClick={() => setQuery({ on: null })}>{words.now[view]}</Button>}
      </div>
    </div>
  );
}
