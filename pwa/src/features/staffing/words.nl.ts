import { plural } from '../../i18n';
import type en from './words.en';

const nl: typeof en = {
  title: 'Minimale bezetting',
  about: 'Waarschuwt als er te weinig mensen van een groep binnen een geofence zijn, en als het er weer genoeg zijn.',
  back: 'Alarmen',
  add: 'Nieuwe regel',
  change: 'Regel wijzigen',
  none: { title: 'Nog geen regels', text: 'Bijvoorbeeld: minstens 3 EHBO’ers binnen het hoofdkantoor op werkdagen tussen 8 en 18 uur.' },
  name: 'Naam',
  rule: 'Regel',
  when: 'Wanneer',
  warns: 'Waarschuwt',
  stands: 'Stand',
  actions: 'Acties',
  says: (count: number, group: string, fence: string) =>
    `${group}: minstens ${plural(count, { one: 'persoon', other: 'mensen' })} in ${fence}`,
  below: (since: string) => `Te weinig sinds ${since}`,
  enough: 'Geen tekort',
  group: 'Van deze groep',
  atLeast: 'Minstens',
  people: 'mensen',
  fence: 'Binnen deze geofence',
  days: 'Dagen waarop het begint',
  from: 'Van',
  until: 'Tot',
  nextDay: 'Eindigt op de volgende dag.',
  warnsGroup: 'Waarschuw deze groep',
  choose: 'Kies',
  save: 'Opslaan',
  saved: 'De regel is opgeslagen.',
  edit: 'Wijzigen',
  editOf: (name: string) => `${name} wijzigen`,
  retire: 'Buiten gebruik stellen',
  retireTitle: 'Deze regel buiten gebruik stellen?',
  retireText: 'Hij waarschuwt niet meer. Je kunt altijd een nieuwe maken.',
  retired: 'De regel is buiten gebruik.',
  counts: 'Alleen wie zeker binnen is, telt mee. Een stille telefoon niet, dus een waarschuwing kan te vroeg komen, nooit te laat.',
};

export default nl;
