import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain, isFailure } from '../api';
import { CHANNELS, type Preview } from '../api/messaging';
import { formatNumber } from '../i18n';
import { FormProblem, Notice, Progress, Skeleton, Status } from '../ui';
import { t } from './words';
import './messaging.css';

const PAUSE_MS = 400;

export interface Previewed {
  preview: Preview | null;
  failure: unknown;
  busy: boolean;
}

/**
 * What sending would do, asked again whenever `key` changes (the text of what would be sent); null: there is nothing to ask yet.
 * An older answer never comes after a newer question.
 */
export function usePreview<P extends Preview = Preview>(key: string | null, ask: () => Promise<P>) {
  const preview = useSignal<P | null>(null);
  const failure = useSignal<unknown>(null);
  const busy = useSignal(false);
  useEffect(() => {
    failure.value = null;
    busy.value = key !== null;
    if (key === null) {
      preview.value = null;
      return undefined;
    }
    let stale = false;
    const waiting = setTimeout(async () => {
      try {
        const found = await ask();
        if (!stale) preview.value = found;
      } catch (error) {
        if (!isFailure(error)) throw error;
        if (!stale) [failure.value, preview.value] = [error, null];
      }
      if (!stale) busy.value = false;
    }, PAUSE_MS);
    return () => {
      stale = true;
      clearTimeout(waiting);
    };
  }, [key]);
  return { preview: preview.value, failure: failure.value, busy: busy.value };
}

const euros = (cents: number) => formatNumber(cents / 100, { style: 'currency', currency: 'EUR' });

function Sms({ sms }: { sms: NonNullable<Preview['channels']['sms']> }) {
  const words = t().preview;
  return (
    <>
      <p class="muted small">
        {words.parts(sms.parts)} · {sms.cost_cents === null ? words.noCost : words.cost(euros(sms.cost_cents))}
      </p>
      {sms.costly_characters.length > 0 && <p class="small">{words.unicode(sms.costly_characters.join(' '))}</p>}
    </>
  );
}

/** How many, by what, at what cost, and who cannot be reached and why. Shown before anything is sent. */
export function PreviewPanel({ preview, failure, busy }: Previewed) {
  const words = t().preview;
  if (failure !== null && isFailure(failure)) {
    if (failure.kind === 'offline' || failure.kind === 'unreachable') return <Notice tone="warn">{words.offline}</Notice>;
    const explained = explain(failure);
    return <FormProblem explained={{ ...explained, next: [...explained.fields.values()].join(' ') || explained.next }} />;
  }
  if (!preview) return busy ? <Skeleton lines={3} /> : null;
  const channels = CHANNELS.filter((channel) => (preview.channels[channel]?.people ?? 0) > 0);
  const reached = preview.people - preview.unreachable_count;
  const some = reached < preview.people ? words.ofPeople(reached, preview.people) : words.people(preview.people);
  const whom = preview.people === 0 ? words.nobody : some;
  return (
    <div class="preview" aria-live="polite" aria-busy={busy}>
      {busy && <Progress label={words.counting} />}
      <p class="preview-people">{whom}</p>
      {reached <= 0 && <Notice tone="warn">{words.nobodyText}</Notice>}
      {channels.length > 0 && (
        <ul class="lines">
          {channels.map((channel) => (
            <li key={channel}>
              <div class="row spread">
                <span>{t().channels[channel]}</span>
                <strong>{words.people(preview.channels[channel]?.people ?? 0)}</strong>
              </div>
              {channel === 'sms' && preview.channels.sms && <Sms sms={preview.channels.sms} />}
            </li>
          ))}
        </ul>
      )}
      {preview.unreachable_count > 0 && preview.unreachable.length === 0 && (
        <p class="small">
          <Status tone="warn">{words.unreachable(preview.unreachable_count)}</Status> {words.unnamed}
        </p>
      )}
      {preview.unreachable.length > 0 && (
        <details>
          <summary>
            <Status tone="warn">{words.unreachable(preview.unreachable_count)}</Status>
          </summary>
          <ul class="lines">
            {preview.unreachable.map((one) => (
              <li key={one.person_id} class="row spread">
                <span>{one.name ?? words.nameless}</span>
                <span class="muted small">{words.reasons[one.reason] ?? one.reason}</span>
              </li>
            ))}
          </ul>
          {preview.unreachable_count > preview.unreachable.length && (
            <p class="muted small">{words.more(preview.unreachable_count - preview.unreachable.length)}</p>
          )}
        </details>
      )}
    </div>
  );
}
