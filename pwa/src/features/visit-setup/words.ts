import { dictionary } from '../../i18n';

export const t = dictionary({ en: () => import('./words.en'), nl: () => import('./words.nl') });
