import { plural } from '../i18n';
import type en from './words.en';

const nl: typeof en = {
  optional: 'niet verplicht',
  close: 'Sluiten',
  cancel: 'Annuleren',
  clear: 'Wissen',
  retry: 'Probeer opnieuw',
  loading: 'Laden',
  showPassword: 'Wachtwoord tonen',
  hidePassword: 'Wachtwoord verbergen',
  search: 'Zoeken',
  more: 'Meer acties',
  showMore: 'Meer tonen',
  wrong: {
    missing: 'Vul dit in.',
    unticked: 'Vink dit aan om verder te gaan.',
    short: (least: number) => `Gebruik minstens ${plural(least, { one: 'teken', other: 'tekens' })}.`,
    long: (most: number) => `Gebruik hoogstens ${plural(most, { one: 'teken', other: 'tekens' })}.`,
    low: (least: string) => `Niet lager dan ${least}.`,
    high: (most: string) => `Niet hoger dan ${most}.`,
    email: 'Schrijf een e-mailadres, bijvoorbeeld naam@example.org.',
    other: 'Dit is niet goed geschreven.',
  },
};

export default nl;
