import { signal } from '@preact/signals';
import { keepLanguage, language, speak, type Language } from './language';

type Loader<Words> = () => Promise<{ default: Words }>;
interface Dictionary {
  load: (language: Language) => Promise<void>;
}

const dictionaries: Dictionary[] = [];

/**
 * The words of one feature, loaded with the feature and only in the language of the screen.
 *
 * `export const t = dictionary({ en: () => import('./words.en'), nl: () => import('./words.nl') })`, then `t().save` in a component.
 * Whoever shows the screen awaits `wordsReady()` first, so `t()` always has its words.
 */
export function dictionary<Words>(loaders: Record<Language, Loader<Words>>): () => Words {
  const loaded = signal<Partial<Record<Language, Words>>>({});
  const load = async (wanted: Language) => {
    if (loaded.peek()[wanted]) return;
    const words = (await loaders[wanted]()).default;
    loaded.value = { ...loaded.peek(), [wanted]: words };
  };
  dictionaries.push({ load });
  // At once, beside whatever else is on its way; a failure is tried again, and told, by who waits for `wordsReady`.
  load(language.peek()).catch(() => undefined);
  return () => {
    const words = loaded.value[language.value];
    if (!words) throw new Error('The words are not loaded yet: await wordsReady() before showing a screen.');
    return words;
  };
}

/** All dictionaries known so far, in this language. */
export async function wordsReady(wanted: Language = language.peek()): Promise<void> {
  await Promise.all(dictionaries.map((dictionary) => dictionary.load(wanted)));
}

/** Speak another language. The words come first, so no screen is ever without; rejects (and changes nothing) when they cannot be fetched. */
export async function setLanguage(next: Language, { keep = true } = {}): Promise<void> {
  await wordsReady(next);
  speak(next);
  if (keep) keepLanguage(next);
}
