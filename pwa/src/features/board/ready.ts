/** What is mostly said, in every language; whoever sends it may change it. Data, not words of a screen. */
import type { Texts } from '../../api/messaging-types';

export const READY: Record<'update' | 'all_clear' | 'cancel', Texts> = {
  update: {
    nl: { subject: 'Vervolgbericht', body: '' },
    en: { subject: 'Update', body: '' },
  },
  all_clear: {
    nl: { subject: 'Alles veilig', body: 'Het is voorbij. Je kunt weer aan het werk.' },
    en: { subject: 'All clear', body: 'It is over. You can go back to work.' },
  },
  cancel: {
    nl: { subject: 'Loos alarm', body: 'Dit alarm klopte niet. Je hoeft niets te doen.' },
    en: { subject: 'False alarm', body: 'This alert was wrong. You need not do anything.' },
  },
};
