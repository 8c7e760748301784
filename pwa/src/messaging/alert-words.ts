import { dictionary } from '../i18n';

export const t = dictionary({ en: () => import('./alert-words.en'), nl: () => import('./alert-words.nl') });
