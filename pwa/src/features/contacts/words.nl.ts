import type en from './words.en';

const nl: typeof en = {
  title: 'Adresboek',
  about: 'Iedereen aan wie je kunt schrijven: hoe ze te bereiken zijn, en hoe ze dat willen.',
  import: 'Importeren',
  add: 'Iemand toevoegen',
  write: 'Bericht schrijven',
  search: 'Naam, nummer of adres',
  group: 'Groep',
  allGroups: 'Alle groepen',
  reach: 'Te bereiken per',
  reaches: { '': 'Wat dan ook', push: 'Push', sms: 'Sms', email: 'E-mail', none: 'Helemaal niets' },
  noReach: 'Niet te bereiken',
  name: 'Naam',
  telephone: 'Telefoon',
  email: 'E-mail',
  wishes: 'Wil',
  quiet: (from: string, until: string) => `stil ${from}–${until}`,
  optedOut: 'Geen gewone berichten',
  nameless: 'Iemand zonder naam',
  nothing: {
    title: 'Niemand gevonden',
    text: 'Niemand heeft deze naam of dit nummer, in deze groep, op deze manier bereikbaar.',
    action: 'Iedereen tonen',
  },
  empty: {
    title: 'Nog niemand',
    text: 'Voeg mensen toe, of importeer ze uit een CSV-bestand of een vCard van je telefoon of mailprogramma.',
  },
  shownAsOf: 'Zoals het was',
  edit: 'Wijzigen',
  addresses: 'Adressen',
  noAddress: 'Geen nummer en geen e-mailadres: deze persoon is alleen per push te bereiken, zodra die dat aanzet.',
  language: 'Taal',
  languages: { nl: 'Nederlands', en: 'English' },
  asOrganization: 'Zoals de organisatie',
  preference: 'Hoe ze bereikt willen worden',
  preferenceAbout: 'Mensen stellen dit zelf in de app in. Wijzig het alleen voor iemand die erom vraagt.',
};

export default nl;
