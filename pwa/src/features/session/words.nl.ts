import { formatSince, plural } from '../../i18n';
import type en from './words.en';

const nl: typeof en = {
  signIn: {
    title: 'Inloggen',
    about: 'Weet wie er is. Bereik ze. Bewaar verder niets.',
    name: 'Inlognaam of e-mailadres',
    nameHint: 'Bijvoorbeeld hannah@bedrijf.',
    password: 'Wachtwoord',
    shared: 'Dit is een gedeelde computer',
    sharedHint: 'Je sessie stopt na 15 minuten rust of als de browser sluit. Bij uitloggen wordt alles van dit apparaat gewist.',
    action: 'Inloggen',
    forgotten: 'Wachtwoord vergeten? Vraag een eigenaar van je organisatie om een nieuw eenmalig wachtwoord.',
    privacy: 'Zo gaan we met je gegevens om',
  },
  again: {
    title: 'Je sessie is afgelopen',
    about: 'Log opnieuw in om verder te gaan. Wat je hebt getypt, staat er nog.',
    as: (name: string) => `Je was ingelogd als ${name}.`,
    action: 'Verder',
    other: 'Ik ben iemand anders',
    otherTitle: 'Opnieuw beginnen als iemand anders?',
    otherText:
      'Wat is getypt en niet opgeslagen, gaat verloren. Wat nog verstuurd moet worden, blijft hier op slot staan voor de persoon voor jou.',
    otherAction: 'Opnieuw beginnen',
  },
  choose: {
    title: 'Kies je eigen wachtwoord',
    about: 'Iemand anders maakte het wachtwoord waarmee je inlogde. Vanaf nu ken alleen jij het.',
    current: 'Het eenmalige wachtwoord',
    fresh: 'Je nieuwe wachtwoord',
    freshHint:
      'Minstens 8 tekens; 15 of meer is beter. Een paar woorden achter elkaar onthoud je makkelijk. Geen namen van jou of je organisatie.',
    action: 'Opslaan en verder',
    wrongCurrent: 'Dit is niet het wachtwoord waarmee je inlogde.',
  },
  password: {
    title: 'Wachtwoord',
    about: 'Als je het wijzigt, stoppen je sessies op alle andere apparaten.',
    current: 'Huidig wachtwoord',
    action: 'Wachtwoord wijzigen',
    done: 'Je wachtwoord is gewijzigd.',
    wrongCurrent: 'Dit is niet je huidige wachtwoord.',
  },
  account: {
    title: 'Account',
    you: 'Jij',
    name: 'Naam',
    signInName: 'Inlognaam',
    organization: 'Organisatie',
    roles: 'Rollen',
    roleNames: {
      owner: 'Eigenaar',
      manager: 'Manager',
      sender: 'Alarmverzender',
      responder: 'BHV’er',
      reception: 'Receptie',
      employee: 'Medewerker',
      privacy_officer: 'Privacyfunctionaris',
      operator: 'Beheerder van de server',
    },
    screen: 'Dit apparaat',
    screenAbout: 'Deze keuzes blijven op dit apparaat.',
    signOut: 'Uitloggen',
    signOutTitle: 'Uitloggen op dit apparaat?',
    signOutText: (unsent: number) =>
      `Alles wat hier bewaard is, wordt gewist.${unsent > 0 ? ` ${plural(unsent, { one: 'actie is', other: 'acties zijn' })} nog niet verstuurd en gaat verloren.` : ''}`,
  },
  organizations: {
    title: 'Andere organisaties',
    about: 'Met je account kun je ook hierin. De app begint daar opnieuw.',
    enter: (name: string) => `Naar ${name}`,
  },
  sessions: {
    title: 'Waar je bent ingelogd',
    about: 'Herken je er een niet? Beëindig die en wijzig daarna je wachtwoord.',
    browser: 'Browser',
    seen: 'Laatst gezien',
    until: 'Stopt uiterlijk',
    address: 'Vanaf',
    current: 'dit apparaat',
    shared: 'gedeelde computer',
    end: 'Beëindigen',
    endTitle: 'Deze sessie beëindigen?',
    endText: 'Die browser moet dan opnieuw inloggen.',
    ended: 'De sessie is beëindigd.',
    since: formatSince,
    unknown: 'Onbekende browser',
  },
  unknown: { title: 'We kunnen niet zien wie je bent', text: 'Zonder netwerk opent de app alleen waar je eerder was ingelogd.' },
};

export default nl;
