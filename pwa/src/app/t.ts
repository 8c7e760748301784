import { dictionary } from '../i18n';

/** The words of the shell. */
export const t = dictionary({ en: () => import('./words.en'), nl: () => import('./words.nl') });
