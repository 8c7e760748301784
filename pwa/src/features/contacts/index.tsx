import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { type Contact, contacts, type WantedContacts } from '../../api/messaging';
import { at, setQuery } from '../../app/router';
import { may } from '../../app/session';
import { formatList } from '../../i18n';
import { messagingWords } from '../../messaging';
import { common, groups, usePages } from '../../people';
import {
  Age,
  Button,
  ButtonLink,
  Empty,
  ErrorState,
  FormProblem,
  Icon,
  type IconName,
  Page,
  Search,
  Select,
  Skeleton,
  Status,
  Table,
} from '../../ui';
import { t } from './words';
import '../../people/people.css';
import './contacts.css';

const ICONS = { push: 'bell', sms: 'phone', email: 'mail' } as const satisfies Record<string, IconName>;
const REACHES = ['', 'push', 'sms', 'email', 'none'] as const;

/** By what somebody can be reached: three pictures that readers hear as words. */
export function ReachIcons({ of }: { of: Contact }) {
  const names = messagingWords().channels;
  const ways = (['push', 'sms', 'email'] as const).filter((way) => of.reach[way]);
  if (ways.length === 0) return <Status tone="warn">{t().noReach}</Status>;
  return (
    <span class="reach">
      {ways.map((way) => (
        <span key={way} title={names[way]}>
          <Icon name={ICONS[way]} />
          <span class="unseen">{names[way]}</span>
        </span>
      ))}
    </span>
  );
}

/** What somebody wants, as far as it differs from what everybody has. */
function wishesOf(of: Contact) {
  const words = t();
  const channels = messagingWords().channels;
  const quiet = of.quiet_from && of.quiet_until ? words.quiet(of.quiet_from.slice(0, 5), of.quiet_until.slice(0, 5)) : '';
  const own = of.channels ? formatList(of.channels.map((channel) => channels[channel])) : '';
  const said = [own, quiet].filter(Boolean).join(' · ');
  if (!of.opted_out_at) return said;
  return (
    <>
      <Status tone="warn">{words.optedOut}</Status> {said}
    </>
  );
}

function Filters({ wanted }: { wanted: WantedContacts }) {
  const words = t();
  const known = groups().value.value ?? [];
  return (
    <div class="people-filters">
      <Search label={words.search} value={wanted.search} onValue={(q) => setQuery({ q })} />
      {known.length > 0 && (
        <Select
          name="group"
          label={words.group}
          value={wanted.group_id}
          options={[{ value: '', label: words.allGroups }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
          onValue={(group) => setQuery({ group })}
        />
      )}
      <Select
        name="reach"
        label={words.reach}
        value={wanted.reach}
        options={REACHES.map((value) => ({ value, label: words.reaches[value] }))}
        onValue={(reach) => setQuery({ reach })}
      />
    </div>
  );
}

/** The address book: everybody, how they can be reached and how they want to be. */
export default function Contacts() {
  const { query } = at.value;
  const wanted = { search: query.get('q') ?? '', group_id: query.get('group') ?? '', reach: query.get('reach') ?? '' };
  useEffect(() => void groups().open(), []);
  const pages = usePages(`contacts?${new URLSearchParams(wanted)}`, (cursor) => contacts(wanted, cursor));
  const words = t();
  const { items, first } = pages;
  const filtered = Boolean(wanted.search || wanted.group_id || wanted.reach);
  return (
    <Page
      title={words.title}
      about={words.about}
      busy={first.loading.value && items !== null}
      wide
      actions={
        <>
          {may('person.edit', 'all') && (
            <>
              <ButtonLink icon="upload" href="/people/import">
                {words.import}
              </ButtonLink>
              <ButtonLink icon="add" href="/people/new">
                {words.add}
              </ButtonLink>
            </>
          )}
          {may('message.send', 'all') && (
            <ButtonLink look="primary" icon="mail" href={wanted.group_id ? `/messages/new?group=${wanted.group_id}` : '/messages/new'}>
              {words.write}
            </ButtonLink>
          )}
        </>
      }
    >
      <Filters wanted={wanted} />
      {items === null &&
        (first.failure.value === null ? (
          <Skeleton lines={8} />
        ) : (
          <ErrorState explained={explain(first.failure.value)} onRetry={() => void first.refresh()} />
        ))}
      {items?.length === 0 &&
        (filtered ? (
          <Empty
            icon="search"
            title={words.nothing.title}
            action={<Button onClick={() => setQuery({ q: null, group: null, reach: null })}>{words.nothing.action}</Button>}
          >
            {words.nothing.text}
          </Empty>
        ) : (
          <Empty icon="person" title={words.empty.title}>
            {words.empty.text}
          </Empty>
        ))}
      {items && items.length > 0 && (
        <Table
          caption={words.title}
          rows={items}
          rowKey={(one) => one.id}
          href={(one) => `/contacts/${one.id}`}
          columns={[
            { key: 'name', head: words.name, cell: (one) => one.name ?? one.telephone ?? words.nameless },
            { key: 'telephone', head: words.telephone, cell: (one) => one.telephone },
            { key: 'email', head: words.email, cell: (one) => one.email },
            { key: 'reach', head: words.reach, cell: (one) => <ReachIcons of={one} /> },
            { key: 'wishes', head: words.wishes, cell: wishesOf },
          ]}
        />
      )}
      <FormProblem explained={pages.failure === null ? null : explain(pages.failure)} />
      {pages.more && (
        <Button busy={pages.busy} onClick={() => void pages.more?.()}>
          {common().more}
        </Button>
      )}
      {items && first.failure.value !== null && first.fetched_ms.value !== null && (
        <p class="muted small">
          {words.shownAsOf} <Age at={first.fetched_ms.value} />
        </p>
      )}
    </Page>
  );
}
