import { plural } from '../i18n';
import type en from './words.en';

const nl: typeof en = {
  offline: { title: 'Je bent offline', next: 'Controleer je netwerk. Wat je hebt getypt, staat er nog.' },
  unreachable: { title: 'De server antwoordt niet', next: 'Probeer het zo nog eens. Wat je hebt getypt, staat er nog.' },
  slow: { title: 'Dit duurt te lang', next: 'De server of het netwerk is traag. Probeer het zo nog eens.' },
  broken: {
    title: 'Er ging iets mis op de server',
    next: 'Er is niets verloren van wat je hebt getypt. Probeer het nog eens; blijft het misgaan, geef dan de code hieronder aan je beheerder.',
  },
  nonsense: {
    title: 'Het antwoord klopt niet',
    next: 'Misschien zit er een inlogpagina van het netwerk tussen. Controleer je netwerk en probeer het nog eens.',
  },
  refused: {
    'alert-too-old': {
      title: 'Dit alarm heeft te lang gewacht',
      next: 'Het is niet verstuurd. Kijk of het nog klopt en verstuur het dan opnieuw.',
    },
    'bad-request': { title: 'De server begreep dit niet', next: 'Laad de app opnieuw en probeer het nog eens.' },
    'csrf-refused': { title: 'De server vertrouwde dit verzoek niet', next: 'Laad de app opnieuw en probeer het nog eens.' },
    forbidden: { title: 'Dit mag je niet', next: 'Vraag het aan een eigenaar van je organisatie.' },
    invalid: { title: 'Er is iets niet goed ingevuld', next: 'Kijk bij wat gemarkeerd is.' },
    'not-found': { title: 'Dit is er niet', next: 'Het kan verwijderd zijn, of het is niet voor jou. Ga terug en kijk opnieuw.' },
    'password-change-required': { title: 'Kies eerst een eigen wachtwoord', next: 'Daarna kun je verder.' },
    stale: { title: 'Iemand anders heeft dit intussen gewijzigd', next: 'Laad het opnieuw, kijk, en doe je wijziging nog eens.' },
    'already-done': { title: 'Dit is al gedaan', next: 'Laad de pagina opnieuw om het te zien.' },
    'too-large': { title: 'Dit is te groot', next: 'Stuur minder tegelijk.' },
    'wrong-content-type': { title: 'Dit soort bestand kan niet', next: 'Kies een ander bestand.' },
    'too-many': { title: 'Te veel pogingen', next: 'Wacht even en probeer het dan nog eens.' },
    unavailable: { title: 'De server heeft het druk', next: 'Er is niets verloren. Probeer het zo nog eens.' },
    unauthorized: { title: 'Inloggen lukte niet', next: 'Log opnieuw in.' },
    conflict: { title: 'Dit botst met wat er al is', next: 'Laad het opnieuw, kijk, en kies.' },
  },
  other: { title: 'Dit lukte niet', next: 'Probeer het nog eens.' },
  wait: (seconds: number) =>
    `Wacht ${seconds < 90 ? plural(seconds, { one: 'seconde', other: 'seconden' }) : plural(Math.ceil(seconds / 60), { one: 'minuut', other: 'minuten' })} en probeer het dan nog eens.`,
  code: (requestId: string) => `Code: ${requestId}`,
};

export default nl;
