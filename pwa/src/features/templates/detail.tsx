import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { explain, isFailure, useForm } from '../../api';
import { addTemplate, editTemplate, readTemplate, restoreTemplate, retireTemplate, type Template, type Texts } from '../../api/messaging';
import { navigate, type ScreenProps } from '../../app/router';
import { may } from '../../app/session';
import { formatDateTime, formatList } from '../../i18n';
import {
  emptyTexts,
  fieldsIn,
  messagingWords,
  retiredTemplates,
  template as templateOf,
  templates,
  TextsEditor,
  versionsOf,
} from '../../messaging';
import { nameOf, useEdit } from '../../people';
import {
  Button,
  ButtonLink,
  confirm,
  type Explained,
  ErrorState,
  FormProblem,
  Notice,
  Page,
  Section,
  Skeleton,
  TextField,
  toast,
} from '../../ui';
import { t } from './words';

interface Values extends Record<string, unknown> {
  name: string;
  texts: Texts;
}

function TemplateForm({ found, etag }: { found: Template | null; etag: string }) {
  const words = t();
  const edit = useEdit(etag, () => readTemplate(found?.id ?? ''));
  const form = useForm<Values>({ name: found?.name ?? '', texts: found?.texts ?? emptyTexts() }, async (values) => {
    if (found) await edit.save((match) => editTemplate(found.id, values, match));
    else await addTemplate(values);
    toast(words.saved);
    await templates().refresh();
    if (!found) return navigate('/messages/templates', { replace: true });
    await Promise.all([templateOf(found.id).refresh(), versionsOf(found.id).refresh()]);
  });
  const fields = fieldsIn(form.values.texts);
  return (
    <Section title={words.text} about={words.fieldsAbout}>
      <form class="stack" {...form.props}>
        <FormProblem {...form.problem} />
        {edit.theirs && <Notice tone="warn">{words.clash}</Notice>}
        <TextField {...form.field('name')} label={words.name} hint={words.nameHint} maxLength={200} required />
        <TextsEditor value={form.values.texts} onValue={(texts) => form.set({ texts })} errors={form.problem.explained?.fields} />
        {fields.length > 0 && <p>{words.fields(formatList(fields))}</p>}
        <div class="actions start">
          <Button look="primary" {...form.submit}>
            {found ? words.saveVersion : words.save}
          </Button>
        </div>
      </form>
    </Section>
  );
}

function Shown({ texts }: { texts: Texts }) {
  return (
    <>
      {Object.entries(texts).map(([locale, { subject, body }]) => (
        <div key={locale} class="stack tight">
          <p class="muted small">{messagingWords().languages[locale] ?? locale}</p>
          {subject && <strong>{subject}</strong>}
          <p class="as-typed">{body}</p>
        </div>
      ))}
    </>
  );
}

function Versions({ id }: { id: string }) {
  const asked = versionsOf(id);
  useEffect(() => void asked.open(), [id]);
  const words = t();
  const found = asked.value.value;
  return (
    <Section title={words.versions} about={words.versionsAbout}>
      {!found && (asked.failure.value === null ? <Skeleton lines={2} /> : <FormProblem explained={explain(asked.failure.value)} />)}
      <ul class="lines">
        {found?.map((one) => (
          <li key={one.number}>
            <details>
              <summary>
                {words.versionOf(one.number)}{' '}
                <span class="muted small">
                  {formatDateTime(one.created_at)} {one.changed_by && nameOf(one.changed_by)}
                </span>
              </summary>
              <div class="stack">
                <Shown texts={one.texts} />
              </div>
            </details>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** A template: its text, which a change makes a new version of, and the versions before. */
export default function TemplateDetail({ params }: ScreenProps) {
  const id = params['template_id'];
  const asked = id ? templateOf(id) : null;
  const trouble = useSignal<Explained | null>(null);
  useEffect(() => void asked?.open(), [id]);
  const words = t();
  const found = asked?.value.value ?? null;
  const back = { href: '/messages/templates', label: words.title };
  const change = async (what: typeof retireTemplate, done: string) => {
    trouble.value = null;
    try {
      await what(id ?? '');
      toast(done);
    } catch (error) {
      if (!isFailure(error)) throw error;
      trouble.value = explain(error);
    }
    await Promise.all([asked?.refresh(), templates().refresh(), retiredTemplates().refresh()]);
  };
  const askToRetire = async () => {
    if (await confirm({ title: words.retireTitle, text: words.retireText, action: words.retire }))
      await change(retireTemplate, words.retiredDone);
  };
  if (asked && !found) {
    return (
      <Page title={words.title} back={back}>
        {asked.failure.value === null ? (
          <Skeleton lines={6} />
        ) : (
          <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
        )}
      </Page>
    );
  }
  const mayEdit = may('template.edit', 'all');
  return (
    <Page
      title={found?.name ?? words.newTitle}
      back={back}
      busy={asked?.loading.value ?? false}
      actions={
        found && (
          <>
            {mayEdit && found.retired_at === null && <Button onClick={() => void askToRetire()}>{words.retire}</Button>}
            {mayEdit && found.retired_at !== null && (
              <Button icon="undo" onClick={() => void change(restoreTemplate, words.restored)}>
                {words.restore}
              </Button>
            )}
            {may('message.send', 'all') && found.retired_at === null && (
              <ButtonLink look="primary" icon="mail" href={`/messages/new?template=${found.id}`}>
                {words.use}
              </ButtonLink>
            )}
          </>
        )
      }
    >
      <FormProblem explained={trouble.value} />
      {found?.retired_at && <Notice tone="warn">{words.isRetired}</Notice>}
      {mayEdit && !found?.retired_at ? (
        <TemplateForm key={asked?.etag.value ?? 'new'} found={found} etag={asked?.etag.value ?? ''} />
      ) : (
        found && (
          <Section title={words.text}>
            <Shown texts={found.texts} />
          </Section>
        )
      )}
      {id && <Versions id={id} />}
    </Page>
  );
}
