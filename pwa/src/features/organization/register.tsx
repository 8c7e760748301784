import { useEffect } from 'preact/hooks';
import { answer, api, explain } from '../../api';
import { snapshot } from '../../offline/snapshot';
import { ErrorState, Section, Skeleton, Table } from '../../ui';
import { t } from './words';
import './organization.css';

const register = () => snapshot('register', async () => ({ value: await answer(api.GET('/api/v1/privacy/register')) }));

/** The record of processing: made by the server from its own columns, so it cannot lag behind them. */
export function Register() {
  const asked = register();
  useEffect(() => void asked.open(), []);
  const words = t().register;
  const found = asked.value.value;
  if (!found) {
    if (asked.failure.value === null) return <Skeleton lines={8} />;
    return <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />;
  }
  const purposes = [...new Set(found.map((row) => row.purpose))];
  return (
    <>
      <p class="muted">{words.about}</p>
      {purposes.map((purpose) => (
        <Section key={purpose} title={words.purposes[purpose] ?? purpose} about={words.recipients[purpose]}>
          <Table
            caption={words.purposes[purpose] ?? purpose}
            rows={found.filter((row) => row.purpose === purpose)}
            rowKey={(row) => `${row.table} ${row.data_class} ${row.term}`}
            columns={[
              { key: 'table', head: words.table, cell: (row) => <code>{row.table}</code> },
              { key: 'class', head: words.dataClass, cell: (row) => words.classes[row.data_class] ?? row.data_class },
              { key: 'term', head: words.term, cell: (row) => words.terms[row.term] ?? row.term },
              { key: 'columns', head: words.columns, cell: (row) => <code class="columns">{row.columns.join(', ')}</code> },
            ]}
          />
        </Section>
      ))}
    </>
  );
}
