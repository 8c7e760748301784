import { useEffect } from 'preact/hooks';
import { answer, api, explain } from '../../api';
import { at, setQuery } from '../../app/router';
import { formatDay, formatNumber } from '../../i18n';
import { snapshot } from '../../offline/snapshot';
import { Choice, Empty, ErrorState, Section, Skeleton, Table } from '../../ui';
import { totals } from './totals';
import { t } from './words';

const DAYS = ['7', '30', '90'] as const;
const DAY_MS = 86_400_000;

const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);

const refusals = (days: number) =>
  snapshot(`refusals/${days}`, async () => {
    const now = Date.now();
    const query = { from: day(now - (days - 1) * DAY_MS), until: day(now) };
    return { value: await answer(api.GET('/api/v1/privacy/refusals', { params: { query } })) };
  });

/** How many positions were refused, by reason. Nobody can be told from it; what people chose themselves is not counted here at all. */
export function Refusals() {
  const days = DAYS.find((one) => one === at.value.query.get('days')) ?? '30';
  const asked = refusals(Number(days));
  useEffect(() => void asked.open(), [days]);
  const words = t().refusals;
  const found = asked.value.value;
  const name = (reason: string) => words.reasons[reason]?.name ?? reason;
  return (
    <Section title={words.title} about={words.about}>
      <Choice
        label={words.period}
        value={days}
        options={DAYS.map((value) => ({ value, label: words.days(Number(value)) }))}
        onValue={(value) => setQuery({ days: value === '30' ? null : value })}
      />
      {!found &&
        (asked.failure.value === null ? (
          <Skeleton />
        ) : (
          <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
        ))}
      {found?.length === 0 && (
        <Empty icon="check" title={words.none}>
          {words.noneText}
        </Empty>
      )}
      {found && found.length > 0 && (
        <>
          <Table
            caption={words.title}
            rows={totals(found)}
            rowKey={(row) => row.reason}
            columns={[
              {
                key: 'reason',
                head: words.reason,
                cell: ({ reason }) => (
                  <>
                    {name(reason)}
                    {words.reasons[reason] && <p class="muted small">{words.reasons[reason].next}</p>}
                  </>
                ),
              },
              { key: 'count', head: words.count, align: 'end', cell: (row) => formatNumber(row.count) },
            ]}
          />
          <details>
            <summary>{words.byDay}</summary>
            <Table
              caption={words.byDay}
              rows={found}
              rowKey={(row) => `${row.day} ${row.reason}`}
              columns={[
                { key: 'day', head: words.day, cell: (row) => formatDay(row.day) },
                { key: 'reason', head: words.reason, cell: (row) => name(row.reason) },
                { key: 'count', head: words.count, align: 'end', cell: (row) => formatNumber(row.count) },
              ]}
            />
          </details>
        </>
      )}
    </Section>
  );
}
