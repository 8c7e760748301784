import type { Text, Texts } from '../api/messaging';
import { LANGUAGES, language } from '../i18n';
import { Button, Notice, TextField } from '../ui';
import { measure, plainly } from './sms';
import { t } from './words';
import './messaging.css';

const BODY_MOST = 2_000;
const SUBJECT_MOST = 200;

/** As `as_sms` of the server puts them together; where to answer comes after it. */
const asSms = ({ subject, body }: Text) => [subject.trim(), body.trim()].filter(Boolean).join('\n');

/** What a text costs as SMS, and the letters that make it dear. */
export function SmsCount({ of, onPlain }: { of: Text; onPlain?: (plain: Text) => void }) {
  const words = t().texts;
  const text = asSms(of);
  const { parts, left, costly } = measure(text);
  const plain = plainly(text);
  const said = parts === 0 ? words.smsNone : parts === 1 ? words.sms(parts, left) : words.smsMany(parts, left);
  return (
    <>
      <p class="hint">{said}</p>
      {costly.length > 0 && (
        <Notice
          tone="warn"
          actions={
            onPlain &&
            plain !== text && (
              <Button onClick={() => onPlain({ subject: plainly(of.subject), body: plainly(of.body) })}>{words.plainly}</Button>
            )
          }
        >
          {words.costly(costly.slice(0, 6).join(' '), parts, measure(plain).parts)}
        </Notice>
      )}
    </>
  );
}

interface EditorProps {
  value: Texts;
  onValue: (texts: Texts) => void;
  /** What is wrong, by field: `texts.nl.body`. */
  errors?: ReadonlyMap<string, string> | undefined;
  /** Names of fields that may be put into the text. */
  fields?: readonly string[];
  /** Whether the text may leave as SMS: then its cost is counted. */
  sms?: boolean;
  readOnly?: boolean;
}

/** A text in each language. There is always one; every other is asked for, and can be taken away. */
export function TextsEditor({ value, onValue, errors, fields = [], sms = true }: EditorProps) {
  const words = t().texts;
  const written = Object.keys(value);
  const missing = LANGUAGES.filter((one) => !written.includes(one));
  return (
    <div class="stack">
      {written.map((locale) => {
        const text = value[locale] ?? { subject: '', body: '' };
        const set = (change: Partial<typeof text>) => onValue({ ...value, [locale]: { ...text, ...change } });
        const name = t().languages[locale] ?? locale;
        const wrong = (part: string) => errors?.get(`texts.${locale}.${part}`);
        return (
          <fieldset class="text-of" key={locale}>
            <legend>{name}</legend>
            <TextField
              name={`texts.${locale}.subject`}
              label={words.subject}
              hint={words.subjectHint}
              value={text.subject}
              onValue={(subject) => set({ subject })}
              error={wrong('subject')}
              maxLength={SUBJECT_MOST}
            />
            <TextField
              name={`texts.${locale}.body`}
              label={words.body}
              value={text.body}
              onValue={(body) => set({ body })}
              error={wrong('body') ?? errors?.get(`texts.${locale}`)}
              rows={5}
              maxLength={BODY_MOST}
              required
            />
            {fields.length > 0 && (
              <div class="row wrap" role="group" aria-label={words.fields}>
                {fields.map((field) => (
                  <Button key={field} label={words.insert(field)} onClick={() => set({ body: `${text.body}{${field}}` })}>
                    {`{${field}}`}
                  </Button>
                ))}
              </div>
            )}
            {sms && <SmsCount of={text} onPlain={set} />}
            {written.length > 1 && (
              <div class="actions start">
                <Button
                  look="quiet"
                  icon="trash"
                  onClick={() => onValue(Object.fromEntries(Object.entries(value).filter(([one]) => one !== locale)))}
                >
                  {words.drop(name)}
                </Button>
              </div>
            )}
          </fieldset>
        );
      })}
      {missing.length > 0 && (
        <div class="stack tight">
          <div class="actions start">
            {missing.map((locale) => (
              <Button key={locale} icon="add" onClick={() => onValue({ ...value, [locale]: { subject: '', body: '' } })}>
                {words.add(t().languages[locale] ?? locale)}
              </Button>
            ))}
          </div>
          <p class="hint">{words.addHint}</p>
        </div>
      )}
    </div>
  );
}

/** Nothing written yet, in the language of the screen. */
export const emptyTexts = (): Texts => ({ [language.peek()]: { subject: '', body: '' } });

/** Whether every language has a text. */
export const isWritten = (texts: Texts): boolean =>
  Object.keys(texts).length > 0 && Object.values(texts).every(({ body }) => body.trim() !== '');

/** The text in the language of the screen, else the first. */
export const textFor = (texts: Texts) => texts[language.value] ?? Object.values(texts)[0] ?? { subject: '', body: '' };
