/** Who is to be invited: typed, pasted or from a file, and shown as it was read before anybody is invited. */
import { useSignal } from '@preact/signals';
import type { Explanation } from '../../api/explain';
import type { Locale } from '../../api/visits';
import { formatList } from '../../i18n';
import { Button, confirm, Notice, Select, Status, Table, TextField } from '../../ui';
import { type Guests, MOST, readGuests, textOf, type Wrong } from './guests';
import { t } from './words';
import '../../people/people.css';

const MOST_BYTES = 1 << 20;
const FEW = 6;
const REFUSED = /^visitors\.(\d+)\.(\w+)$/;

/** The part of a form that this fills in. */
interface Listed {
  values: { people: string; locale: Locale };
  set: (changes: { people: string }) => void;
  field: {
    (name: 'people'): { name: 'people'; value: string; onValue: (value: string) => void; error: string | undefined };
    (name: 'locale'): { name: 'locale'; value: Locale; onValue: (value: Locale) => void; error: string | undefined };
  };
  problem: { explained: Explanation | null };
}

/** Whether a list can be sent as it is. */
export const isReady = ({ people, wrong }: Guests): boolean => people.length > 0 && people.length <= MOST && wrong.length === 0;

function wrongWords(one: Wrong): string {
  const words = t().list;
  const column = one.head ? words.columnOf(one.column, one.head) : words.column(one.column);
  return `${words.line(one.line)}, ${column}: ${words.problems[one.problem](one.cell)}`;
}

/** What the server refused, by the line of the visitor whom it is about. */
function refusedWords(list: Guests, explained: Explanation | null): string[] {
  return [...(explained?.fields ?? [])].flatMap(([field, text]) => {
    const line = list.lines[Number(REFUSED.exec(field)?.[1])];
    return line === undefined ? [] : [`${t().list.line(line)}: ${text}`];
  });
}

function FileChoice({ isEmpty, onText }: { isEmpty: boolean; onText: (text: string) => void }) {
  const words = t().list;
  const told = useSignal<{ tone: 'warn' | 'bad' | 'info'; text: string } | null>(null);
  const take = async (file: File) => {
    told.value = null;
    if (file.size > MOST_BYTES) return void (told.value = { tone: 'bad', text: words.tooLarge(MOST) });
    const read = textOf(new Uint8Array(await file.arrayBuffer()));
    if (!read) return void (told.value = { tone: 'bad', text: words.noText });
    if (!isEmpty && !(await confirm({ title: words.replaceTitle, text: words.replaceText(file.name), action: words.replace }))) return;
    onText(read.text);
    told.value = read.latin ? { tone: 'warn', text: words.latin } : { tone: 'info', text: words.from(file.name) };
  };
  return (
    <>
      <div class="actions start">
        <label class="button file-button">
          <input
            type="file"
            class="unseen"
            accept=".csv,.txt,text/csv,text/plain"
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? [];
              if (file) void take(file);
              currentTarget.value = '';
            }}
          />
          {words.choose}
        </label>
        <span class="muted small">{words.fileHint(MOST)}</span>
      </div>
      <div aria-live="polite">{told.value && <Notice tone={told.value.tone}>{told.value.text}</Notice>}</div>
    </>
  );
}

function Preview({ list }: { list: Guests }) {
  const words = t().list;
  const all = useSignal(false);
  const { people, lines } = list;
  const rows = people.map((guest, place) => ({ ...guest, line: lines[place] ?? 0 }));
  const languages = new Set(people.map((one) => one.locale));
  const shown = all.value ? rows.slice(0, MOST) : rows.slice(0, FEW);
  return (
    <div class="stack tight">
      <Table
        caption={words.preview}
        rows={shown}
        rowKey={(one) => String(one.line)}
        columns={[
          { key: 'name', head: t().name, cell: (one) => one.name },
          { key: 'email', head: t().visit.fields.email, cell: (one) => one.email ?? <span class="muted">{words.none}</span> },
          { key: 'telephone', head: t().visit.fields.telephone, cell: (one) => one.telephone ?? <span class="muted">{words.none}</span> },
          ...(languages.size > 1
            ? [{ key: 'locale', head: words.language, cell: (one: (typeof rows)[number]) => t().invitation.languages[one.locale ?? 'nl'] }]
            : []),
          { key: 'line', head: words.lineHead, align: 'end', cell: (one) => one.line },
        ]}
      />
      {rows.length > shown.length && !all.value && (
        <div>
          <Button look="quiet" icon="chevronDown" onClick={() => (all.value = true)}>
            {words.showAll(Math.min(rows.length, MOST))}
          </Button>
        </div>
      )}
    </div>
  );
}

export function GuestList({ form, required }: { form: Listed; required: boolean }) {
  const words = t();
  const list = readGuests(form.values.people, form.values.locale);
  const { people, wrong, unread } = list;
  const problems = [...wrong.map(wrongWords), ...refusedWords(list, form.problem.explained)];
  return (
    <>
      <TextField
        {...form.field('people')}
        label={words.invitation.people}
        hint={words.invitation.peopleHint}
        rows={6}
        required={required}
      />
      <FileChoice isEmpty={!form.values.people.trim()} onText={(text) => form.set({ people: text })} />
      <div aria-live="polite" class="stack tight">
        {(people.length > 0 || problems.length > 0) && (
          <div class="row wrap">
            {people.length > 0 && <Status tone="good">{words.invitation.read(people.length)}</Status>}
            {problems.length > 0 && <Status tone="bad">{words.list.wrong(problems.length)}</Status>}
          </div>
        )}
        {problems.slice(0, FEW).map((text) => (
          <span key={text} class="error">
            {text}
          </span>
        ))}
        {problems.length > FEW && <span class="error">{words.list.moreWrong(problems.length - FEW)}</span>}
        {people.length > MOST && <Notice tone="bad">{words.list.tooMany(people.length, MOST)}</Notice>}
        {unread.length > 0 && <span class="muted small">{words.list.unread(formatList(unread))}</span>}
      </div>
      {people.length > 1 && <Preview list={list} />}
      <Select
        {...form.field('locale')}
        label={words.invitation.language}
        options={(['nl', 'en'] as const).map((value) => ({ value, label: words.invitation.languages[value] }))}
      />
    </>
  );
}
