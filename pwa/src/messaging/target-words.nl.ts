import { plural } from '../i18n';
import type en from './target-words.en';

const nl: typeof en = {
  title: 'Voor wie het is',
  about: 'Wie in een van deze zit, krijgt het één keer.',
  ruleTitle: 'Wie erin zit',
  ruleAbout: 'Wie aan een van deze voldoet. Dat wordt opgezocht als het nodig is.',
  everyone: 'Iedereen van de organisatie',
  onSite: 'Iedereen die nu op locatie is',
  visitors: 'Alle bezoekers die er nu zijn',
  groups: 'Groepen',
  people: (count: number) => plural(count, { one: 'persoon', other: 'mensen' }),
  places: 'Nu binnen een geofence',
  placesHint: 'Wie er binnen is, wordt opgezocht bij het versturen. Je ziet niet wie dat zijn.',
  sites: 'Wie bij een locatie hoort',
  roles: 'Rollen',
  named: 'Losse personen',
  add: 'Iemand toevoegen',
  added: 'Toegevoegd',
  takeOut: (name: string) => `${name} weghalen`,
  area: 'Het gebied dat je tekende',
  narrow: 'Minder mensen',
  onlyOnSite: 'Van hen alleen wie nu op locatie is',
  except: 'Niemand van deze groepen',
  none: 'Kies er minstens één.',
  noGroups: 'Er zijn nog geen groepen.',
  noPlaces: 'Er zijn nog geen geofences.',
  and: 'meer',
};

export default nl;
