import type en from './words.en';

const nl: typeof en = {
  title: 'Locaties',
  about: 'Plekken waar gewerkt wordt, elk met een naam. Geofences, diensten, kiosken en mensen verwijzen ernaar.',
  add: 'Locatie toevoegen',
  change: (name: string) => `${name} wijzigen`,
  standing: 'Welke',
  current: 'In gebruik',
  retired: 'Buiten gebruik',
  fields: { name: 'Naam', address: 'Adres', timezone: 'Tijdzone' },
  zoneHint: 'Alleen als die anders is dan die van de organisatie.',
  zoneOfOrganization: 'Zoals de organisatie',
  save: 'Opslaan',
  saved: (name: string) => `${name} is opgeslagen.`,
  actions: 'Wat je kunt doen',
  poster: 'Poster',
  retire: 'Buiten gebruik stellen',
  restore: 'Weer in gebruik nemen',
  retiredDone: (name: string) => `${name} is buiten gebruik. Het verleden blijft.`,
  restoredDone: (name: string) => `${name} is weer in gebruik.`,
  empty: {
    title: 'Nog geen locaties',
    text: 'Voeg de eerste plek toe waar mensen werken; teken er dan geofences voor en hang de poster op.',
  },
  emptyRetired: {
    title: 'Niets is buiten gebruik',
    text: 'Een locatie die je buiten gebruik stelt, blijft hier met het verleden bewaard.',
  },
};

export default nl;
