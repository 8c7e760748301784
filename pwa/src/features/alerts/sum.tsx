/** How many it will reach, in one line, with the rest behind it. Never who is where. */
import type { AlertPreview } from '../../api/alerts';
import { explain, isFailure } from '../../api';
import { Icon, Notice, Skeleton } from '../../ui';
import { PreviewPanel, type Previewed } from '../../messaging';
import { t } from './words';

export interface Counted {
  preview: AlertPreview | null;
  failure: unknown;
  busy: boolean;
}

/** `34 of 36 known people`, with those of whom it is less sure. */
function Line({ preview }: { preview: AlertPreview }) {
  const words = t().sum;
  const known = preview.people - preview.unreachable_count;
  const doubts = [preview.possibly > 0 && words.possibly(preview.possibly), preview.unknown > 0 && words.unknown(preview.unknown)];
  return (
    <span>
      <strong>{preview.people === 0 ? words.nobody : words.reached(known, preview.people)}</strong>
      {doubts.filter(Boolean).map((doubt) => (
        <span key={doubt} class="muted">
          {' '}
          · {doubt}
        </span>
      ))}
    </span>
  );
}

export function Sum({ counted }: { counted: Counted }) {
  const { preview, failure, busy } = counted;
  const words = t().sum;
  if (failure !== null && isFailure(failure)) {
    const isAway = failure.kind === 'offline' || failure.kind === 'unreachable' || failure.kind === 'slow';
    if (isAway) return <Notice tone="warn">{words.away}</Notice>;
    const explained = explain(failure);
    return (
      <Notice tone="bad" title={explained.title}>
        {[...explained.fields.values()].join(' ') || explained.next}
      </Notice>
    );
  }
  if (!preview) return busy ? <Skeleton lines={1} /> : null;
  return (
    <details class="sum">
      <summary aria-busy={busy}>
        <Icon name="group" />
        <Line preview={preview} />
        <Icon name="chevronDown" />
      </summary>
      <div class="stack">
        {preview.people === 0 && <p>{words.nobodyNow}</p>}
        <PreviewPanel {...(counted as Previewed)} />
      </div>
    </details>
  );
}
