import { computed, signal } from '@preact/signals';

export const LANGUAGES = ['en', 'nl'] as const;
export type Language = (typeof LANGUAGES)[number];

/** How each language is written for Intl: British order of dates, twenty-four hours in both. */
const LOCALES: Record<Language, string> = { en: 'en-GB', nl: 'nl-NL' };
const KEPT = 'language';

const isLanguage = (text: unknown): text is Language => LANGUAGES.some((language) => language === text);

/** What this browser was set to here, or null. Of all that is chosen only language and theme are kept: they say nothing about anybody. */
export function chosenLanguage(): Language | null {
  const kept = localStorage.getItem(KEPT);
  return isLanguage(kept) ? kept : null;
}

/** The first of the wanted languages that we speak; English when there is none. */
export function firstSpoken(wanted: readonly string[]): Language {
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en';
}

const current = signal<Language>('en');
/** The language of the screen. Change it with `setLanguage` of `i18n`, which first fetches the words. */
export const language = computed(() => current.value);
export const locale = computed(() => LOCALES[current.value]);
const ofOrganization = signal<string | null>(null);
/** The zone in which times are shown: the organization's, or a site's (`formatTime(at, zone)`). This device's is asked for only when it is needed: browsers take long. */
export const zone = computed(() => ofOrganization.value ?? Intl.DateTimeFormat().resolvedOptions().timeZone);

export function setZone(next: string): void {
  ofOrganization.value = next;
}

export function speak(next: Language): void {
  current.value = next;
  document.documentElement.lang = next;
}

export function keepLanguage(next: Language): void {
  localStorage.setItem(KEPT, next);
}
