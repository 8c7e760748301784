import { answer, api, explain } from '../../api';
import { may } from '../../app/session';
import { formatList } from '../../i18n';
import { common, nameOf, usePages } from '../../people';
import { Button, ButtonLink, Empty, ErrorState, FormProblem, Page, Skeleton, Status, Table } from '../../ui';
import { t } from './words';

/** Who can sign in, and as what. */
export default function Members() {
  const pages = usePages('members', (cursor) =>
    answer(api.GET('/api/v1/members', { params: { query: { limit: 100, ...(cursor && { cursor }) } } })),
  );
  const words = t();
  const { items, first } = pages;
  return (
    <Page
      title={words.title}
      about={words.about}
      busy={first.loading.value && items !== null}
      wide
      actions={
        may('member.edit', 'all') && (
          <ButtonLink icon="add" href="/people">
            {words.add}
          </ButtonLink>
        )
      }
    >
      {items === null &&
        (first.failure.value === null ? (
          <Skeleton lines={6} />
        ) : (
          <ErrorState explained={explain(first.failure.value)} onRetry={() => void first.refresh()} />
        ))}
      {items?.length === 0 && <Empty icon="key" title={words.empty} />}
      {items && items.length > 0 && (
        <Table
          caption={words.title}
          rows={items}
          rowKey={(member) => member.id}
          href={(member) => `/people/${member.person_id}`}
          columns={[
            { key: 'name', head: words.name, cell: (member) => member.name ?? nameOf(member.person_id) },
            { key: 'sign_in', head: words.signIn, cell: (member) => member.sign_in_name ?? words.elsewhere },
            { key: 'roles', head: words.roles, cell: (member) => formatList(member.roles.map((role) => common().roles[role] ?? role)) },
            {
              key: 'state',
              head: words.state,
              cell: (member) => member.must_change_password && <Status tone="warn">{words.notYet}</Status>,
            },
          ]}
        />
      )}
      <FormProblem explained={pages.failure === null ? null : explain(pages.failure)} />
      {pages.more && (
        <Button busy={pages.busy} onClick={() => void pages.more?.()}>
          {common().more}
        </Button>
      )}
    </Page>
  );
}
