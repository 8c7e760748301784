import { plural } from '../../i18n';
import type en from './words.en';

const people = (count: number) => plural(count, { one: 'persoon', other: 'mensen' });

const nl: typeof en = {
  title: 'Aanwezig',
  live: 'Live',
  asOf: 'Stand van',
  notLive: 'Nu niet live.',
  trace: 'Wie hier staat, kan zien dat je keek.',
  standings: { inside: 'Binnen', unknown: 'Onbekend', assumed_left: 'Waarschijnlijk weg' },
  everyone: 'Iedereen',
  which: 'Wie je ziet',
  search: 'Zoek op naam',
  group: 'Groep',
  allGroups: 'Alle groepen',
  fence: 'Geofence',
  allFences: 'Alle geofences',
  fences: 'Mensen per geofence',
  mapOf: (count: number) => `Kaart: ${people(count)} binnen geofences`,
  list: (count: number) => people(count),
  insideSince: (time: string) => `binnen sinds ${time}`,
  unknownSince: (time: string) => `laatste teken van leven ${time}`,
  enteredAt: (time: string) => `kwam binnen om ${time}`,
  figures: (inside: number, unknown: number) => (unknown ? `${inside} + ${unknown}?` : String(inside)),
  figuresSaid: (inside: number, unknown: number) => (unknown ? `${inside} binnen, ${unknown} onbekend` : `${inside} binnen`),
  cameIn: (person: string, fence: string) => `${person} kwam binnen in ${fence}.`,
  wentOut: (person: string, fence: string) => `${person} ging weg uit ${fence}.`,
  nobody: {
    title: 'Van niemand is bekend dat die er is',
    text: 'Mensen verschijnen hier als ze met locatie inklokken. Een telefoon die zwijgt is onbekend, nooit afwezig.',
  },
  nothingFound: { title: 'Niemand gevonden', text: 'Probeer minder letters of een ander filter.', action: 'Toon iedereen' },
  legend: 'Onbekend: al een tijd geen teken van leven. De telefoon staat uit, heeft geen netwerk of deelt niet. Het betekent niet afwezig.',
};

export default nl;
