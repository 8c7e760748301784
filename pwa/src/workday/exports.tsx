import { useEffect } from 'preact/hooks';
import { answer, api, everyPage, explain, useForm, type components } from '../api';
import { inOurWords } from '../api/server-words';
import { dayOf, formatDate, formatSince } from '../i18n';
import { snapshot } from '../offline/snapshot';
import { ButtonLink, Button, ErrorState, FormProblem, Section, Select, Skeleton, Status, TextField, toast, type Tone } from '../ui';
import { periodOf } from './period';
import { t } from './words';

type Export = components['schemas']['ExportOut'];
type Format = Export['format'];
type Kind = components['schemas']['ExportIn']['kind'];
const KINDS: readonly Kind[] = ['workdays', 'stays', 'punches'];
const FORMATS: readonly Format[] = ['xlsx', 'csv', 'ical', 'json'];
const TONES: Record<Export['status'], Tone> = { waiting: 'info', ready: 'good', failed: 'bad' };
const ASK_MS = 1_500;

const mine = () =>
  snapshot<Export[]>('exports', async () => ({
    value: (await answer(api.GET('/api/v1/exports', { params: { query: { limit: 20 } } }))).items,
  }));

const groups = () =>
  snapshot('groups', async () => ({
    value: await everyPage((cursor) => answer(api.GET('/api/v1/groups', { params: { query: { limit: 200, ...(cursor && { cursor }) } } }))),
  }));

function File({ file }: { file: Export }) {
  const words = t().exports;
  const { kind, first, last } = file.parameters as { kind: string; first: string; last: string };
  return (
    <li class="stack tight">
      <div class="row spread">
        <strong>{words.kinds[kind] ?? kind}</strong>
        <Status tone={TONES[file.status]}>{words.states[file.status]}</Status>
      </div>
      <p class="muted small">
        {words.period(formatDate(`${first}T12:00:00Z`), formatDate(`${last}T12:00:00Z`))} · {words.formats[file.format]}
        {file.rows !== null && ` · ${words.rows(file.rows)}`} · {words.until(formatSince(file.expires_at))}
      </p>
      {file.status === 'ready' && file.file_name && (
        <div class="actions start">
          <ButtonLink
            icon="download"
            href={`/api/v1/exports/${file.id}/file`}
            download={file.file_name}
            label={words.downloadOf(file.file_name)}
          >
            {words.download}
          </ButtonLink>
        </div>
      )}
      {file.problem && <p class="muted">{inOurWords(file.problem)}</p>}
    </li>
  );
}

function Files() {
  const words = t().exports;
  const asked = mine();
  const found = asked.value.value;
  const isWaiting = found?.some((file) => file.status === 'waiting') ?? false;
  useEffect(() => void asked.open(), []);
  useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setInterval(() => void asked.refresh(), ASK_MS);
    return () => clearInterval(timer);
  }, [isWaiting]);
  const { value: failure } = asked.failure;
  if (!found) return failure ? <ErrorState explained={explain(failure)} onRetry={() => void asked.refresh()} /> : <Skeleton lines={3} />;
  if (found.length === 0) return <p class="muted">{words.none}</p>;
  return (
    <ul class="lines" aria-live="polite">
      {found.map((file) => (
        <File key={file.id} file={file} />
      ))}
    </ul>
  );
}

/** Ask for a file, and fetch it when it is ready. `mayAll`: of everybody or a group; else of oneself. */
export function Exports({ person_id, asked }: { person_id: string | null; asked?: { first: string; last: string; group_id: string } }) {
  const words = t().exports;
  const month = asked ?? { ...periodOf('month', dayOf(Date.now())), group_id: '' };
  const form = useForm({ kind: 'workdays' as Kind, format: 'xlsx' as Format, ...month }, async ({ group_id, ...wanted }) => {
    const whose = person_id === null ? { ...(group_id && { group_id }) } : { person_id };
    await answer(api.POST('/api/v1/exports', { body: { ...wanted, ...whose } }));
    toast(words.asked);
    await mine().refresh();
  });
  useEffect(() => void (person_id === null && groups().open()), [person_id]);
  const known = person_id === null ? (groups().value.value ?? []) : [];
  const formats = FORMATS.filter((format) => format !== 'ical' || form.values.kind !== 'punches');
  return (
    <>
      <Section title={words.title}>
        <form class="stack" {...form.props}>
          <FormProblem {...form.problem} />
          <div class="two">
            <Select
              {...form.field('kind')}
              label={words.kind}
              options={KINDS.map((value) => ({ value, label: words.kinds[value] ?? value }))}
              onValue={(kind) => form.set(kind === 'punches' && form.values.format === 'ical' ? { kind, format: 'csv' } : { kind })}
            />
            <Select
              {...form.field('format')}
              label={words.format}
              options={formats.map((value) => ({ value, label: words.formats[value] }))}
            />
            <TextField {...form.field('first')} type="date" label={words.first} required />
            <TextField {...form.field('last')} type="date" label={words.last} required />
            {known.length > 0 && (
              <Select
                {...form.field('group_id')}
                required={false}
                label={words.group}
                options={[{ value: '', label: words.everybody }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
              />
            )}
          </div>
          <div class="actions">
            <Button look="primary" icon="download" {...form.submit}>
              {words.make}
            </Button>
          </div>
        </form>
      </Section>
      <Section title={words.mine}>
        <Files />
      </Section>
    </>
  );
}
