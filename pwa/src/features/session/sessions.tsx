import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { answer, api, explain, everyPage, type components } from '../../api';
import { formatDateTime } from '../../i18n';
import { Age, Button, confirm, ErrorState, Section, Skeleton, Status, Table, toast } from '../../ui';
import { browserName } from '../../app/browser';
import { t } from './words';

type Session = components['schemas']['SessionOut'];

const sessions = signal<readonly Session[] | null>(null);
const failure = signal<unknown>(null);

async function load(): Promise<void> {
  failure.value = null;
  try {
    sessions.value = await everyPage((cursor) => answer(api.GET('/api/v1/sessions', { params: { query: { ...(cursor && { cursor }) } } })));
  } catch (error) {
    failure.value = error;
  }
}

async function end(session: Session): Promise<void> {
  const words = t().sessions;
  if (!(await confirm({ title: words.endTitle, text: words.endText, action: words.end, danger: true }))) return;
  try {
    await answer(api.DELETE('/api/v1/sessions/{session_id}', { params: { path: { session_id: session.id } } }));
    toast(words.ended);
  } catch (error) {
    failure.value = error;
  }
  await load();
}

/** The browsers this account is signed in on. */
export function Sessions() {
  useEffect(() => void load(), []);
  const words = t().sessions;
  return (
    <Section title={words.title} about={words.about}>
      {failure.value !== null && <ErrorState explained={explain(failure.value)} onRetry={() => void load()} />}
      {!sessions.value && failure.value === null && <Skeleton />}
      {sessions.value && (
        <Table
          caption={words.title}
          rows={sessions.value}
          rowKey={(session) => session.id}
          columns={[
            {
              key: 'browser',
              head: words.browser,
              cell: (session) => (
                <>
                  {browserName(session.browser) ?? words.unknown} {session.current && <Status tone="good">{words.current}</Status>}{' '}
                  {session.shared_computer && <Status>{words.shared}</Status>}
                </>
              ),
            },
            { key: 'seen', head: words.seen, cell: (session) => <Age at={session.last_seen_at} /> },
            { key: 'address', head: words.address, cell: (session) => session.address_prefix },
            { key: 'until', head: words.until, cell: (session) => formatDateTime(session.expires_at) },
            {
              key: 'end',
              head: words.end,
              align: 'end',
              bare: true,
              cell: (session) => !session.current && <Button onClick={() => void end(session)}>{words.end}</Button>,
            },
          ]}
        />
      )}
    </Section>
  );
}
