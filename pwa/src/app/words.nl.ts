import { plural } from '../i18n';
import type en from './words.en';

const nl: typeof en = {
  skip: 'Naar de inhoud',
  menu: 'Menu',
  nav: {
    today: 'Vandaag',
    sharing: 'Delen',
    myData: 'Mijn gegevens',
    presence: 'Aanwezig',
    attendance: 'Uren',
    corrections: 'Correcties',
    geofences: 'Geofences',
    people: 'Mensen',
    groups: 'Groepen',
    sites: 'Locaties',
    shifts: 'Diensten',
    devices: 'Apparaten',
    members: 'Leden',
    privacy: 'Privacy',
    kioskPass: 'Kioskpas',
    kiosks: 'Kiosken',
    settings: 'Instellingen',
    account: 'Account',
  },
  parts: { mine: 'Van mij', work: 'Op locatie', setup: 'Inrichten' },
  insecure:
    'Dit adres heeft geen HTTPS: locatie, offline werken en meldingen werken hier niet. Vraag de beheerder van deze server om een adres dat het wel heeft.',
  offline: 'Je bent offline.',
  unreachable: 'De server antwoordt niet.',
  lastHeard: 'Laatste antwoord:',
  tryAgain: 'Probeer opnieuw',
  waiting: (count: number) => `${plural(count, { one: 'actie wacht', other: 'acties wachten' })} op verzending.`,
  refused: (count: number) => `${plural(count, { one: 'actie is', other: 'acties zijn' })} niet aangenomen.`,
  look: 'Bekijk',
  updateReady: 'Er is een nieuwe versie van de app.',
  takeUpdate: 'Nu bijwerken',
  language: 'Taal',
  languages: { en: 'English', nl: 'Nederlands' },
  theme: 'Kleuren',
  themes: { system: 'Zoals het apparaat', light: 'Licht', dark: 'Donker' },
  signOut: 'Uitloggen',
  notFound: { title: 'Hier is niets', text: 'Het adres klopt niet, of dit is verwijderd.' },
  notForYou: { title: 'Dit is niet voor jou', text: 'Dit scherm hoort niet bij je rollen. Vraag het aan een eigenaar van je organisatie.' },
  home: 'Naar het begin',
  notFetched: {
    title: 'Dit scherm kon niet worden opgehaald',
    text: 'Het staat nog niet op dit apparaat. Controleer je netwerk, of laad opnieuw als de app is bijgewerkt.',
  },
  fault: {
    title: 'Hier ging iets stuk',
    text: 'Dit is een fout in de app, niet iets wat jij deed. Laad opnieuw; wat was opgeslagen, is er nog.',
  },
  reload: 'Opnieuw laden',
  unknown: { title: 'We kunnen niet zien wie je bent', text: 'Zonder netwerk opent de app alleen waar je eerder was ingelogd.' },
};

export default nl;
