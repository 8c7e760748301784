/** The record of deletions: what went when because its term was over, and when the next run is. It names nobody. */
import { explain } from '../../api';
import { type Deletion, deletions, FIELDS } from '../../api/visits';
import { dayOf, formatDate, formatDateTime, formatList, zone } from '../../i18n';
import { usePages } from '../../people';
import { Age, Button, Empty, ErrorState, Facts, FormProblem, Notice, now, Page, Section, Skeleton, Table } from '../../ui';
import { daysAfter, momentOf } from './times';
import { t } from './words';
import './visits.css';

const KINDS = ['visitors', 'visits', 'fields', 'invitations', 'signatures', 'denied', 'roll_calls'] as const;
const LATE_MS = 10 * 60_000;
const noon = (day: string) => `${day}T12:00:00Z`;

/** When the run after this one is: as soon as the next day begins where the organization is. */
export const nextRun = (cutoff: string, timezone: string): string => momentOf(daysAfter(cutoff, 1), '00:00', timezone);

/** Whether the run of today should have been long ago. */
export const isLate = (cutoff: string, now_ms: number, timezone: string): boolean =>
  cutoff < dayOf(now_ms, timezone) && now_ms - Date.parse(nextRun(cutoff, timezone)) > LATE_MS;

/** What one run deleted, as lines: how many of what, and of which fields and kinds. */
export function linesOf(run: Deletion): string[] {
  const words = t().deletions;
  const more = {
    fields: FIELDS.filter((field) => run.fields[field]).map((field) => words.some(t().visit.fields[field], run.fields[field] ?? 0)),
    visits: run.types.map(({ name, visits }) => words.some(name, visits)),
  };
  return KINDS.filter((kind) => run.counts[kind]).map((kind) => {
    const line = words.kinds[kind](run.counts[kind] ?? 0);
    const parts = kind === 'fields' || kind === 'visits' ? more[kind] : [];
    return parts.length ? `${line}: ${formatList(parts)}` : line;
  });
}

function What({ run }: { run: Deletion }) {
  const lines = linesOf(run);
  if (lines.length === 0) return <span class="visit-deleted muted">{t().deletions.nothing}</span>;
  return (
    <ul class="visit-deleted">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function Last({ run }: { run: Deletion }) {
  const words = t().deletions;
  const late = isLate(run.cutoff, now.value, zone.value);
  return (
    <Section title={words.runs}>
      {late && (
        <Notice tone="warn" title={words.late.title}>
          {words.late.text}
        </Notice>
      )}
      <Facts
        of={[
          [words.last, formatDateTime(run.ran_at)],
          [words.next, late ? words.soon : formatDateTime(nextRun(run.cutoff, zone.value))],
        ]}
      />
    </Section>
  );
}

export default function Deletions() {
  const words = t().deletions;
  const pages = usePages('visit-retention', deletions);
  const { items, first } = pages;
  const [newest] = items ?? [];
  return (
    <Page
      title={words.title}
      about={words.about}
      back={{ href: '/visit-history', label: t().past.title }}
      busy={first.loading.value && items !== null}
    >
      {items === null &&
        (first.failure.value === null ? (
          <Skeleton lines={6} />
        ) : (
          <ErrorState explained={explain(first.failure.value)} onRetry={() => void first.refresh()} />
        ))}
      {items?.length === 0 && (
        <Empty icon="shield" title={words.empty.title}>
          {words.empty.text}
        </Empty>
      )}
      {newest && <Last run={newest} />}
      {items && items.length > 0 && (
        <Table
          caption={words.title}
          rows={items}
          rowKey={(run) => run.id}
          columns={[
            { key: 'day', head: words.before, cell: (run) => formatDate(noon(run.cutoff)) },
            { key: 'what', head: words.what, cell: (run) => <What run={run} /> },
            { key: 'at', head: words.ranAt, cell: (run) => formatDateTime(run.ran_at) },
          ]}
        />
      )}
      <FormProblem explained={pages.failure === null ? null : explain(pages.failure)} />
      {pages.more && (
        <Button busy={pages.busy} onClick={() => void pages.more?.()}>
          {t().more}
        </Button>
      )}
      {items && first.failure.value !== null && first.fetched_ms.value !== null && (
        <p class="muted small">
          {t().asOf} <Age at={first.fetched_ms.value} />
        </p>
      )}
    </Page>
  );
}
