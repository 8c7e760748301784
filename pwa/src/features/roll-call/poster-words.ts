import type { Language } from '../../i18n';

interface PosterWords {
  heading: string;
  steps: readonly [string, string, string];
  instead: string;
}

/** What stands on the paper. Its language is chosen apart from the screen's, so both are here. */
export const POSTER: Record<Language, PosterWords> = {
  nl: {
    heading: 'Verzamelplaats',
    steps: [
      'Open de camera van je telefoon.',
      'Richt hem op de code en tik op de link.',
      'Zeg wie je bent: dan weten we dat je veilig bent.',
    ],
    instead: 'Geen telefoon? Meld je bij een hulpverlener. Ga niet terug naar binnen.',
  },
  en: {
    heading: 'Assembly point',
    steps: ['Open the camera of your phone.', 'Point it at the code and tap the link.', 'Say who you are: then we know that you are safe.'],
    instead: 'No phone? Tell a responder. Do not go back inside.',
  },
};
