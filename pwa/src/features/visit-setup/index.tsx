/** How visitors are received: the kinds of visits, and each site. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { FIELDS, moveType, type VisitType } from '../../api/visits';
import { at, setQuery } from '../../app/router';
import { byName, formatList } from '../../i18n';
import { common, sites } from '../../people';
import { Button, ButtonLink, Choice, Empty, ErrorState, FormProblem, Page, Section, Skeleton, Table, toast } from '../../ui';
import { Agreements } from './agreements';
import { types } from './store';
import { t } from './words';

const asked = (of: VisitType) => FIELDS.filter((field) => of.fields[field]).map((field) => t().type.field[field]);

function Types() {
  const words = t();
  const isRetired = at.value.query.get('standing') === 'retired';
  const known = types(isRetired);
  const trouble = useSignal<unknown>(null);
  useEffect(() => void known.open(), [isRetired]);
  const rows = known.value.value;
  const move = async (of: VisitType, out: boolean): Promise<void> => {
    trouble.value = null;
    try {
      await moveType(of.id, out);
      toast(out ? words.retiredDone(of.name) : words.restoredDone(of.name), { label: common().undo, run: () => void move(of, !out) });
    } catch (error) {
      trouble.value = error;
    }
    await Promise.all([types(true).refresh(), types(false).refresh()]);
  };
  return (
    <Section
      title={words.types}
      about={words.typesAbout}
      actions={
        <ButtonLink look="primary" icon="add" href="/visit-setup/types/new">
          {words.add}
        </ButtonLink>
      }
    >
      <div>
        <Choice
          quiet
          label={words.standing}
          value={isRetired ? 'retired' : 'current'}
          options={[
            { value: 'current', label: words.current },
            { value: 'retired', label: words.retired },
          ]}
          onValue={(standing) => setQuery({ standing: standing === 'retired' ? standing : null })}
        />
      </div>
      <FormProblem explained={trouble.value === null ? null : explain(trouble.value)} />
      {rows === null &&
        (known.failure.value === null ? (
          <Skeleton />
        ) : (
          <ErrorState explained={explain(known.failure.value)} onRetry={() => void known.refresh()} />
        ))}
      {rows?.length === 0 && (
        <Empty icon="person" title={isRetired ? words.emptyRetired.title : words.empty.title}>
          {isRetired ? words.emptyRetired.text : words.empty.text}
        </Empty>
      )}
      {rows && rows.length > 0 && (
        <Table
          caption={words.types}
          rows={rows}
          rowKey={(one) => one.id}
          columns={[
            {
              key: 'name',
              head: words.name,
              cell: (one) => (isRetired ? one.name : <a href={`/visit-setup/types/${one.id}`}>{one.name}</a>),
            },
            { key: 'kind', head: words.kind, cell: (one) => words.kinds[one.kind] },
            { key: 'asks', head: words.asks, cell: (one) => formatList(asked(one)) || words.nameOnly },
            { key: 'keeps', head: words.keeps, align: 'end', cell: (one) => `${one.keep_days} ${words.days}` },
            {
              key: 'do',
              head: words.actions,
              bare: true,
              align: 'end',
              cell: (one) => (
                <Button look="quiet" onClick={() => void move(one, !isRetired)}>
                  {isRetired ? words.restore : words.retire} <span class="unseen">{one.name}</span>
                </Button>
              ),
            },
          ]}
        />
      )}
    </Section>
  );
}

function Sites() {
  const words = t();
  useEffect(() => void sites().open(), []);
  const known = sites().value.value?.toSorted(byName((one) => one.name));
  return (
    <Section title={words.sites} about={words.sitesAbout}>
      {!known && <Skeleton lines={2} />}
      <ul class="lines">
        {known?.map(({ id, name }) => (
          <li key={id}>
            <a href={`/visit-setup/sites/${id}`}>{name}</a>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export default function VisitSetUp() {
  const words = t();
  return (
    <Page title={words.title} about={words.about}>
      <Types />
      <Agreements />
      <Sites />
      <Section title={words.webhook.title} about={words.webhook.about}>
        <div>
          <ButtonLink icon="settings" href="/visit-setup/webhooks">
            {words.webhook.open}
          </ButtonLink>
        </div>
      </Section>
    </Page>
  );
}
