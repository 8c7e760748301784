import { zone } from '../i18n';
import { type Axis, clockedInSince, placeOf, questionsOf, tickLabel, tickPlace, type Workday } from './axis';
import { t } from './words';

/** One day as a bar: what counts, the breaks between, and where a question waits. The words beside it say the same. */
export function DayBar({ day, axis }: { day: Workday | null; axis: Axis }) {
  const place = (moment: string) => (day ? String(placeOf(moment, day.worked_on, axis, zone.value)) : '0');
  const since = day && clockedInSince(day);
  const asked = day ? questionsOf(day) : [];
  const last = day?.spans.length ? day.spans.length - 1 : -1;
  return (
    <div class="day-bar" aria-hidden="true">
      {axis.ticks_h.map((at_h) => (
        <i key={at_h} style={{ '--from': String(tickPlace(at_h, axis)) }} />
      ))}
      {day?.breaks.map(({ since, until }) => (
        <span key={since} class="break" style={{ '--from': place(since), '--until': place(until) }} />
      ))}
      {day?.spans.map(({ since, until }, nth) => (
        <span
          key={since}
          class={day.is_open && nth === last ? 'worked going' : 'worked'}
          style={{ '--from': place(since), '--until': place(until) }}
        />
      ))}
      {since && day && <span class="going-on" style={{ '--from': place(since), '--until': place(new Date().toISOString()) }} />}
      {asked.map(({ kind, at }) => (
        <b key={`${kind} ${at}`} style={{ '--from': place(at) }}>
          ?
        </b>
      ))}
    </div>
  );
}

/** The hours above bars of the same axis. */
export function Scale({ axis }: { axis: Axis }) {
  return (
    <div class="day-scale" aria-hidden="true">
      {axis.ticks_h.map((at_h) => (
        <span key={at_h} style={{ '--from': String(tickPlace(at_h, axis)) }}>
          {tickLabel(at_h)}
        </span>
      ))}
    </div>
  );
}

/** What the colours of the bars mean. */
export function Legend() {
  const words = t();
  return (
    <ul class="day-legend muted small" aria-label={words.legend}>
      <li class="worked">{words.bar.worked}</li>
      <li class="break">{words.bar.break}</li>
      <li class="going-on">{words.clockedIn}</li>
      <li class="question">{words.bar.question}</li>
    </ul>
  );
}
