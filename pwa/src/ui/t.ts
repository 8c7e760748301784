import { dictionary } from '../i18n';

/** The few words the kit itself needs. */
export const t = dictionary({ en: () => import('./words.en'), nl: () => import('./words.nl') });
