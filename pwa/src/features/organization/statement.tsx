import { useEffect } from 'preact/hooks';
import { answer, api, explain, useForm } from '../../api';
import { may, me } from '../../app/session';
import { formatDateTime, language } from '../../i18n';
import { snapshot } from '../../offline/snapshot';
import { Button, ErrorState, FormProblem, Notice, Section, Skeleton, Table, TextField, toast } from '../../ui';
import { t } from './words';

const standing = () => snapshot('statement/standing', async () => ({ value: await answer(api.GET('/api/v1/privacy/statement/standing')) }));
const acceptances = () =>
  snapshot('statement/acceptances', async () => ({ value: await answer(api.GET('/api/v1/privacy/statement/acceptances')) }));

function Accept({ version }: { version: string }) {
  const words = t().statement;
  const form = useForm({ accepted_by: me.value?.name ?? '', statement_version: version }, async ({ accepted_by }) => {
    const body = { accepted_by, statement_version: version, locale: language.value };
    await answer(api.POST('/api/v1/privacy/statement/acceptances', { body }));
    toast(words.accepted);
    await Promise.all([standing().refresh(), acceptances().refresh()]);
  });
  return (
    <form class="stack narrow" {...form.props}>
      <FormProblem {...form.problem} />
      <TextField {...form.field('accepted_by')} label={words.acceptedBy} hint={words.byHint} maxLength={200} autocomplete="name" required />
      {form.field('statement_version').error && <p class="error">{form.field('statement_version').error}</p>}
      <div class="actions start">
        <Button look="primary" {...form.submit}>
          {words.accept}
        </Button>
      </div>
    </form>
  );
}

/** The privacy statement that the organization accepted, and a newer one that waits. */
export function Statement() {
  const asked = standing();
  const all = acceptances();
  useEffect(() => {
    void asked.open();
    void all.open();
  }, []);
  const words = t().statement;
  const found = asked.value.value;
  if (!found) {
    if (asked.failure.value === null) return <Skeleton lines={4} />;
    return <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />;
  }
  return (
    <>
      <Section title={words.title} about={words.about}>
        {found.awaits ? (
          <Notice tone="warn" title={words.awaits(found.awaits)}>
            {may('statement.accept', 'all') ? words.awaitsText : words.onlyOwner}
          </Notice>
        ) : (
          <Notice tone="good">{words.current}</Notice>
        )}
        <p>
          <a href={`/privacy?locale=${language.value}`} target="_blank">
            {words.read}
          </a>
        </p>
        {found.awaits && may('statement.accept', 'all') && <Accept key={found.awaits} version={found.awaits} />}
      </Section>
      <Section title={words.history}>
        {all.value.value ? (
          <Table
            caption={words.history}
            rows={all.value.value}
            rowKey={(row) => row.accepted_at}
            columns={[
              { key: 'version', head: words.version, cell: (row) => `${row.version} (${row.locale})` },
              { key: 'by', head: words.by, cell: (row) => row.accepted_by },
              { key: 'at', head: words.at, cell: (row) => formatDateTime(row.accepted_at) },
            ]}
          />
        ) : all.failure.value === null ? (
          <Skeleton lines={2} />
        ) : (
          <ErrorState explained={explain(all.failure.value)} onRetry={() => void all.refresh()} />
        )}
      </Section>
    </>
  );
}
