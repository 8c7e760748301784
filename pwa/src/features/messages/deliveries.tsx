import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { deliveries, type DeliveryOut } from '../../api/messaging';
import { at, setQuery } from '../../app/router';
import { formatSince } from '../../i18n';
import { messagingWords } from '../../messaging';
import { common, usePages } from '../../people';
import { Button, ErrorState, FormProblem, Select, Skeleton, Status, Table, type Tone } from '../../ui';
import { t } from './words';

const TONES: Record<string, Tone> = {
  queued: 'info',
  submitting: 'info',
  retry: 'warn',
  unknown: 'warn',
  accepted: 'good',
  delivered: 'good',
  failed: 'bad',
  expired: 'bad',
  withdrawn: 'neutral',
};
const SHOWN = ['', 'failed', 'unknown', 'not_sent'] as const;

function Standing({ of }: { of: DeliveryOut }) {
  const statuses = messagingWords().statuses;
  if (of.status === null) return <Status tone="warn">{statuses['unreachable']}</Status>;
  return (
    <>
      <Status tone={TONES[of.status] ?? 'neutral'}>{statuses[of.status] ?? of.status}</Status>{' '}
      {of.may_be_double && <Status tone="warn">{messagingWords().mayBeDouble}</Status>}
    </>
  );
}

/** Why it failed, and what somebody can do about it. */
function why(of: DeliveryOut): string {
  const words = t().deliveries;
  return of.reason ? (words.reasons[of.reason] ?? messagingWords().preview.reasons[of.reason] ?? words.otherReason(of.reason)) : '';
}

/** Who got it, by what, and how that stands. `turn` changes when it should be asked again. */
export function Deliveries({ id, turn }: { id: string; turn: number }) {
  const status = SHOWN.find((one) => one === at.value.query.get('status')) ?? '';
  const pages = usePages(`messages/${id}/deliveries?${status}`, (cursor) => deliveries(id, status, cursor));
  useEffect(() => {
    if (turn > 0 && pages.items && pages.items.length <= 100) void pages.reload();
  }, [turn]);
  const words = t().deliveries;
  const { items, first } = pages;
  return (
    <>
      <Select
        name="status"
        label={words.which}
        value={status}
        options={SHOWN.map((value) => ({ value, label: words.filters[value] }))}
        onValue={(next) => setQuery({ status: next || null })}
      />
      {items === null &&
        (first.failure.value === null ? (
          <Skeleton lines={4} />
        ) : (
          <ErrorState explained={explain(first.failure.value)} onRetry={() => void first.refresh()} />
        ))}
      {items?.length === 0 && <p class="muted">{words.none[status]}</p>}
      {items && items.length > 0 && (
        <Table
          caption={words.title}
          rows={items.map((one, nth) => ({ ...one, nth }))}
          rowKey={(one) => `${one.person_id} ${one.channel} ${one.nth}`}
          columns={[
            { key: 'name', head: words.name, cell: (one) => one.name ?? messagingWords().preview.nameless },
            {
              key: 'channel',
              head: words.channel,
              cell: (one) => one.channel && <span class="nowrap">{messagingWords().channels[one.channel]}</span>,
            },
            { key: 'status', head: words.status, cell: (one) => <Standing of={one} /> },
            { key: 'why', head: words.why, bare: true, cell: why },
            { key: 'at', head: words.at, cell: (one) => one.at && formatSince(one.at) },
          ]}
        />
      )}
      <FormProblem explained={pages.failure === null ? null : explain(pages.failure)} />
      {pages.more && (
        <Button busy={pages.busy} onClick={() => void pages.more?.()}>
          {common().more}
        </Button>
      )}
    </>
  );
}
