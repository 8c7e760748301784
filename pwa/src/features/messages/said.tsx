import { useEffect } from 'preact/hooks';
import { explain, isFailure } from '../../api';
import { at, setQuery } from '../../app/router';
import { useSignal } from '@preact/signals';
import { fieldsIn, filled, messagingWords, SmsCount, template as templateOf, templates, TextsEditor } from '../../messaging';
import { Button, type Explained, FormProblem, Section, Select, TextField } from '../../ui';
import { change, draft } from './draft';
import { t } from './words';

/** The fields of the template, and the text that they make. */
function Filled() {
  const words = t().compose;
  const { template } = draft.value;
  if (!template) return null;
  const set = (name: string, value: string) => change({ template: { ...template, fields: { ...template.fields, [name]: value } } });
  const shown = filled(template.texts, template.fields);
  return (
    <>
      {fieldsIn(template.texts).map((name) => (
        <TextField
          key={name}
          name={name}
          label={name.replaceAll('_', ' ')}
          value={template.fields[name] ?? ''}
          onValue={(value) => set(name, value)}
          maxLength={200}
          required
        />
      ))}
      {Object.entries(shown).map(([locale, { subject, body }]) => (
        <div key={locale} class="text-of">
          <p class="muted small">{messagingWords().languages[locale] ?? locale}</p>
          {subject && <strong>{subject}</strong>}
          <p class="as-typed">{body}</p>
          <SmsCount of={{ subject, body }} />
        </div>
      ))}
      <div class="actions start">
        <Button icon="edit" onClick={() => change({ texts: shown, template: null })}>
          {words.asText}
        </Button>
      </div>
    </>
  );
}

/** What the message says: written here, or a template with its fields filled in. */
export function Said({ lack }: { lack: string | undefined }) {
  const words = t().compose;
  const trouble = useSignal<Explained | null>(null);
  const { template, texts } = draft.value;
  const asked = at.value.query.get('template');
  const known = templates().value.value ?? [];
  const take = async (id: string) => {
    trouble.value = null;
    if (!id) return change({ template: null });
    const one = templateOf(id);
    await one.open();
    const found = one.value.peek();
    if (found) change({ template: { id, name: found.name, texts: found.texts, fields: {} } });
    else if (isFailure(one.failure.peek())) trouble.value = explain(one.failure.peek());
  };
  useEffect(() => {
    void templates().open();
    if (!asked) return;
    void take(asked);
    setQuery({ template: null });
  }, [asked]);
  return (
    <Section title={words.what}>
      <FormProblem explained={trouble.value} />
      {(known.length > 0 || template) && (
        <Select
          name="template"
          label={words.template}
          value={template?.id ?? ''}
          options={[
            { value: '', label: words.noTemplate },
            ...known.map(({ id, name }) => ({ value: id, label: name })),
            ...(template && !known.some((one) => one.id === template.id) ? [{ value: template.id, label: template.name }] : []),
          ]}
          onValue={(id) => void take(id)}
        />
      )}
      {template ? (
        <Filled />
      ) : (
        <TextsEditor value={texts} onValue={(written) => change({ texts: written })} sms={draft.value.channels.includes('sms')} />
      )}
      {lack && <p class="error">{lack}</p>}
    </Section>
  );
}
