import { dictionary } from '../i18n';

export const t = dictionary({ en: () => import('./target-words.en'), nl: () => import('./target-words.nl') });
