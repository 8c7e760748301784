import { useSignal } from '@preact/signals';
import { explain } from '../../api';
import { inOurWords } from '../../api/server-words';
import { navigate } from '../../app/router';
import { formatList } from '../../i18n';
import { groups } from '../../people';
import { Button, type Explained, FormProblem, Notice, Page, Progress, Section, Status, Table, toast, type Tone } from '../../ui';
import { importPeople, type Imported } from './store';
import { t } from './words';
import '../../people/people.css';

type Line = Imported['lines'][number];
const TONES: Record<Line['action'], Tone> = { create: 'good', change: 'info', same: 'neutral', wrong: 'bad' };
const ORDER = ['wrong', 'create', 'change', 'same'] as const;
const SHOWN = 200;

/** A problem of a line begins with its column: `email: Not an e-mail address.` */
function problemWords(problem: string): string {
  const words = t().import;
  const [, column, rest] = /^(\w+): (.+)$/s.exec(problem) ?? [];
  return column && rest ? `${words.columns[column] ?? column}: ${inOurWords(rest)}` : inOurWords(problem);
}

function what(line: Line): string {
  const words = t().import;
  if (line.problem) return problemWords(line.problem);
  const facts = line.fields.map((field) => words.columns[field] ?? field);
  const joined = line.groups.length ? [words.intoGroups(formatList(line.groups))] : [];
  return formatList([...facts, ...joined]);
}

interface Looked {
  file: File;
  preview: Imported;
}

function Preview({ looked, onDone, trouble }: { looked: Looked; onDone: (done: Imported) => void; trouble: { value: Explained | null } }) {
  const { file, preview } = looked;
  const busy = useSignal(false);
  const words = t().import;
  const count = (action: Line['action']) => preview.counts[action] ?? 0;
  const todo = count('create') + count('change');
  const rows = preview.lines.toSorted((a, b) => ORDER.indexOf(a.action) - ORDER.indexOf(b.action) || a.line - b.line);
  const run = async () => {
    busy.value = true;
    trouble.value = null;
    try {
      onDone(await importPeople(file, preview.confirm));
    } catch (error) {
      trouble.value = explained(error);
      busy.value = false;
    }
  };
  return (
    <Section title={words.found(preview.lines.length, file.name)} about={words.nothingYet}>
      <div class="row wrap">
        {ORDER.filter((action) => count(action) > 0).map((action) => (
          <Status key={action} tone={TONES[action]}>
            {words.counts[action](count(action))}
          </Status>
        ))}
      </div>
      {preview.encoding === 'latin-1' && <Notice tone="warn">{words.latin}</Notice>}
      {count('wrong') > 0 && <Notice tone="warn">{words.wrongAbout}</Notice>}
      <div class="actions start">
        <Button look="primary" busy={busy.value} disabled={todo === 0} onClick={() => void run()}>
          {todo === 0 ? words.nothingToDo : words.run(count('create'), count('change'))}
        </Button>
      </div>
      <Table
        caption={words.lines}
        rows={rows.slice(0, SHOWN)}
        rowKey={(line) => String(line.line)}
        columns={[
          { key: 'line', head: words.line, cell: (line) => words.lineNumber(line.line) },
          { key: 'action', head: words.action, cell: (line) => <Status tone={TONES[line.action]}>{words.actions[line.action]}</Status> },
          { key: 'what', head: words.what, cell: (line) => <span class={line.problem ? 'error' : undefined}>{what(line)}</span> },
        ]}
      />
      {rows.length > SHOWN && <p class="muted">{words.notShown(rows.length - SHOWN)}</p>}
    </Section>
  );
}

/** What is wrong with a file stands at its one field. */
function explained(error: unknown): Explained {
  const found = explain(error);
  return { ...found, next: [...found.fields.values()][0] ?? found.next };
}

/** People from a file: first what each line would do, then the same file again to do it. */
export default function ImportPeople() {
  const looked = useSignal<Looked | null>(null);
  const busy = useSignal(false);
  const trouble = useSignal<Explained | null>(null);
  const words = t().import;
  const look = async (file: File) => {
    busy.value = true;
    looked.value = trouble.value = null;
    try {
      looked.value = { file, preview: await importPeople(file, null) };
    } catch (error) {
      trouble.value = explained(error);
    }
    busy.value = false;
  };
  const done = ({ counts }: Imported) => {
    toast(words.done(counts['create'] ?? 0, counts['change'] ?? 0));
    void groups().refresh();
    navigate('/people', { replace: true });
  };
  return (
    <Page title={words.title} about={words.about} back={{ href: '/people', label: t().list.title }}>
      <Section title={words.how}>
        <p>{words.headings}</p>
        <p>
          <code>{words.example}</code>
        </p>
        <p class="muted">{words.matching}</p>
        <div class="actions start">
          <label class={`button file-button${looked.value ? '' : ' primary'}`}>
            <input
              type="file"
              class="unseen"
              accept=".csv,.txt,.vcf,text/csv,text/vcard"
              onChange={({ currentTarget }) => {
                const [file] = currentTarget.files ?? [];
                currentTarget.value = '';
                if (file) void look(file);
              }}
            />
            {looked.value ? words.chooseOther : words.choose}
          </label>
        </div>
        {busy.value && <Progress label={words.reading} />}
        <FormProblem explained={trouble.value} />
      </Section>
      {looked.value && <Preview key={looked.value.preview.confirm} looked={looked.value} onDone={done} trouble={trouble} />}
    </Page>
  );
}
