/**
 * The server speaks English to programs. What it says about one case (a taken name, a wrong field) is turned here into what a person reads.
 * The catalogues are fetched after the first screen; a text without an entry is shown as it came.
 */
import { signal } from '@preact/signals';
import { language, type Language } from '../i18n';

/** A text of the server to ours. `{}` stands for any part, in both, in order. An empty text of ours says nothing. */
export type Catalogue = readonly (readonly [theirs: string, ours: string])[];

const LOADERS: Record<Language, () => Promise<{ default: Catalogue }>> = {
  en: () => import('./server-words.en'),
  nl: () => import('./server-words.nl'),
};
const loaded = signal<Partial<Record<Language, [RegExp, string][]>>>({});

const pattern = (text: string) => new RegExp(`^${text.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\}/g, '(.+?)')}$`, 's');

/** Fetch the catalogue of the language of the screen. */
export async function loadServerWords(wanted: Language = language.peek()): Promise<void> {
  if (loaded.peek()[wanted]) return;
  const catalogue = (await LOADERS[wanted]()).default;
  loaded.value = { ...loaded.peek(), [wanted]: catalogue.map(([theirs, ours]) => [pattern(theirs), ours] as [RegExp, string]) };
}

/** A text of the server in the language of the screen. */
export function inOurWords(text: string): string {
  for (const [theirs, ours] of loaded.value[language.value] ?? []) {
    const parts = theirs.exec(text)?.slice(1);
    if (parts) return ours.replace(/\{\}/g, () => parts.shift() ?? '');
  }
  return text;
}
