import type en from './words.en';

const nl: typeof en = {
  title: 'Leden',
  about:
    'Wie kan inloggen, en als wat. Open iemand om rollen te wijzigen, een nieuw eenmalig wachtwoord te maken of sessies te beëindigen.',
  add: 'Kies wie een inlog krijgt',
  name: 'Naam',
  signIn: 'Inlognaam',
  elsewhere: 'Een account van een andere organisatie',
  roles: 'Rollen',
  state: 'Wachtwoord',
  notYet: 'Eenmalig, nog niet gewijzigd',
  empty: 'Niemand kan inloggen',
};

export default nl;
