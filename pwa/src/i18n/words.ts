import { signal } from '@preact/signals';
import { keepLanguage, language, speak, type Language } from './language';

type Loader<Words> = () => Promise<{ default: Words }>;
interface Dictionary {
  load: (language: Language) => Promise<void>;
}

const dictionaries: Dictionary[] = [];
/** The language that was asked for last; null until the app begins. */
let wanted: Language | null = null;

/**
 * The words of one feature, loaded with the feature and only in the language of the screen.
 *
 * `export const t = dictionary({ en: () => import('./words.en'), nl: () => import('./words.nl') })`, then `t().save` in a component.
 * Whoever shows the screen awaits `wordsReady()` first, so `t()` always has its words.
 */
export function dictionary<Words>(loaders: Record<Language, Loader<Words>>): () => Words {
  const loaded = signal<Partial<Record<Language, Words>>>({});
  const load = async (of: Language) => {
    if (loaded.peek()[of]) return;
    const words = (await loaders[of]()).default;
    loaded.value = { ...loaded.peek(), [of]: words };
  };
  dictionaries.push({ load });
  // Beside whatever else is on its way; a failure is tried again, and told, by who waits for `wordsReady`.
  if (wanted) load(wanted).catch(() => undefined);
  return () => {
    const words = loaded.value[language.value];
    if (!words) throw new Error('The words are not loaded yet: await wordsReady() before showing a screen.');
    return words;
  };
}

/** All dictionaries known so far, in this language. */
export async function wordsReady(of: Language = language.peek()): Promise<void> {
  await Promise.all(dictionaries.map((dictionary) => dictionary.load(of)));
}

/** Speak another language. The words come first, so no screen is ever without; rejects (and changes nothing) when they cannot be fetched. */
export async function setLanguage(next: Language, { keep = true } = {}): Promise<void> {
  wanted = next;
  await wordsReady(next);
  speak(next);
  if (keep) keepLanguage(next);
}
