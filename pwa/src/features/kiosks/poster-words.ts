import type { Language } from '../../i18n';

interface PosterWords {
  heading: string;
  steps: readonly [string, string, string];
  noLocation: string;
  instead: string;
}

/** What stands on the paper. Its language is chosen apart from the screen's, so both are here. */
export const POSTER: Record<Language, PosterWords> = {
  nl: {
    heading: 'Klok hier in of uit',
    steps: ['Open de camera van je telefoon.', 'Richt hem op de code en tik op de link.', 'Kies: in of uit.'],
    noLocation: 'Je locatie wordt niet gevraagd.',
    instead: 'Geen telefoon? Gebruik de kiosk of vraag je leidinggevende.',
  },
  en: {
    heading: 'Clock in or out here',
    steps: ['Open the camera of your phone.', 'Point it at the code and tap the link.', 'Choose: in or out.'],
    noLocation: 'Your location is not asked.',
    instead: 'No phone? Use the kiosk, or ask your manager.',
  },
};
