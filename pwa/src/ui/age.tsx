import { formatAge, formatDateTime, type Moment } from '../i18n';
import { now } from './clock';

/** `3 min. ago`, going on by itself; the exact time on hover and for readers of the page's source. */
export function Age({ at }: { at: Moment }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={formatDateTime(at)}>
      {formatAge(at, now.value)}
    </time>
  );
}
