export * from './format';
export { LANGUAGES, chosenLanguage, firstSpoken, keepLanguage, language, locale, setZone, speak, zone, type Language } from './language';
export { dictionary, setLanguage, wordsReady } from './words';
