/** One alert, in whatever stage it is: still on this device, a draft, waiting for a second person, counting down, going on, over. */
import { useEffect } from 'preact/hooks';
import { explain, isFailure } from '../../api';
import type { ScreenProps } from '../../app/router';
import { entries, whenAccepted } from '../../offline/outbox';
import { Empty, ErrorState, Page, Skeleton } from '../../ui';
import { Before } from './before';
import { Board } from './board';
import { Countdown } from './countdown';
import { Pending } from './pending';
import { alertOf, follow, shown } from './store';
import { t } from './words';

export default function Alert({ params }: ScreenProps) {
  const id = params['alert_id'] ?? '';
  const words = t();
  const entry = entries.value.find((one) => one.key === id && (one.kind === 'alert' || one.kind === 'alert_draft'));
  const isHere = entry !== undefined && entry.state !== 'accepted';
  const asked = alertOf(id);
  useEffect(() => (isHere ? undefined : follow(id)), [id, isHere]);
  useEffect(() => whenAccepted(['alert', 'alert_draft'], () => void asked.refresh()), [id]);
  if (isHere) return <Pending entry={entry} />;
  const alert = shown.value?.id === id ? shown.value : asked.value.value;
  if (!alert) {
    const failure = asked.failure.value;
    const isGone = isFailure(failure) && failure.status === 404;
    return (
      <Page title={words.title} back={{ href: '/alerts', label: words.back }}>
        {isGone ? (
          <Empty icon="bell" title={words.gone.title}>
            {words.gone.text}
          </Empty>
        ) : failure ? (
          <ErrorState explained={explain(failure)} onRetry={() => void asked.refresh()} />
        ) : (
          <Skeleton lines={8} />
        )}
      </Page>
    );
  }
  if (alert.stage === 'countdown') return <Countdown alert={alert} />;
  if (alert.stage === 'draft' || alert.stage === 'approval') return <Before alert={alert} />;
  return <Board alert={alert} />;
}
