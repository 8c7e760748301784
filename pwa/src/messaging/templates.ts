/** Templates of messages and alerts, and the fields in their texts. Reads are kept on the device. */
import { readTemplate, templates as all, templateVersions, type Texts } from '../api/messaging';
import { byName } from '../i18n';
import { snapshot } from '../offline/snapshot';

const listed = (retired: boolean) => async () => ({ value: (await all(retired)).toSorted(byName((one) => one.name)) });
/** Those in use. */
export const templates = () => snapshot('templates', listed(false));
export const retiredTemplates = () => snapshot('templates/retired', listed(true));
export const template = (id: string) => snapshot(`templates/${id}`, () => readTemplate(id));
export const versionsOf = (id: string) => snapshot(`templates/${id}/versions`, async () => ({ value: await templateVersions(id) }));

/** As `app/core/template.py` reads them: `{place}` is a field, `{{` and `}}` are braces. */
const TOKEN = /\{\{|\}\}|\{([a-z][a-z0-9_]{0,39})\}/g;

/** The names of the fields, each once, in the order of the texts. */
export const fieldsIn = (texts: Texts): string[] => [
  ...new Set(
    Object.values(texts).flatMap(({ subject, body }) => [...`${subject}\n${body}`.matchAll(TOKEN)].flatMap(([, name]) => name ?? [])),
  ),
];

/** The texts as they will be read, with what is filled in so far; what is not stays visible as a field. */
export function filled(texts: Texts, values: Readonly<Record<string, string>>): Texts {
  const fill = (text: string) =>
    text.replaceAll(TOKEN, (token, name: string | undefined) => (name ? values[name]?.trim() || token : (token[0] ?? '')));
  return Object.fromEntries(
    Object.entries(texts).map(([locale, { subject, body }]) => [locale, { subject: fill(subject), body: fill(body) }]),
  );
}
