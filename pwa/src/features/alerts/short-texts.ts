/** Texts that are ready before anybody prepared any, in every language, so that each reads their own. Data, not words of a screen. */
import type { Severity, Texts } from '../../api/messaging-types';

export interface ShortText {
  key: string;
  severity: Severity;
  texts: Texts;
}

export const SHORT_TEXTS: readonly ShortText[] = [
  {
    key: 'evacuate',
    severity: 'extreme',
    texts: {
      nl: {
        subject: 'Ontruiming',
        body: 'Verlaat nu het gebouw via de dichtstbijzijnde uitgang. Ga naar de verzamelplaats. Gebruik geen lift.',
      },
      en: { subject: 'Evacuation', body: 'Leave the building now by the nearest exit. Go to the assembly point. Do not use the lifts.' },
    },
  },
  {
    key: 'stay',
    severity: 'extreme',
    texts: {
      nl: { subject: 'Blijf binnen', body: 'Blijf waar je bent of ga naar binnen. Sluit deuren en ramen. Wacht op bericht.' },
      en: { subject: 'Stay inside', body: 'Stay where you are or go inside. Close doors and windows. Wait for further word.' },
    },
  },
  {
    key: 'responders',
    severity: 'severe',
    texts: {
      nl: { subject: 'BHV nodig', body: "BHV'ers: kom nu. Antwoord of je onderweg bent." },
      en: { subject: 'Responders needed', body: 'Emergency responders: come now. Answer whether you are on your way.' },
    },
  },
  {
    key: 'check',
    severity: 'moderate',
    texts: {
      nl: { subject: 'Ben je veilig?', body: 'Laat weten of je veilig bent of hulp nodig hebt.' },
      en: { subject: 'Are you safe?', body: 'Tell us whether you are safe or need help.' },
    },
  },
];
