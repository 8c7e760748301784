import { plural } from '../../i18n';
import type en from './words.en';

const people = (count: number) => plural(count, { one: 'persoon', other: 'mensen' });
const days = (count: number) => plural(count, { one: 'dag', other: 'dagen' });

const nl: typeof en = {
  title: 'Uren',
  search: 'Zoek op naam',
  group: 'Groep',
  allGroups: 'Alle groepen',
  which: 'Toon',
  whichOf: { everyone: 'Iedereen', here: 'Wie er nu is', questions: 'Dagen met een vraag', open: 'Niet-goedgekeurde dagen' },
  hours: (time: string) => `${time} uur`,
  list: (count: number) => people(count),
  summary: (count: number, hours: string, without: number) =>
    `${people(count)}, samen ${hours} uur.${without > 0 ? ` Van ${people(without)} is er niets te tonen.` : ''}`,
  more: (count: number) => `Toon nog ${count}`,
  name: 'Naam',
  total: 'Uren',
  days: 'Dagen',
  approved: 'Goedgekeurd',
  ofDays: (some: number, all: number) => `${some} van ${days(all)}`,
  questions: 'Vragen',
  table: 'Uren per persoon',
  weekLegend: 'Groen: goedgekeurd. Een vraagteken: de dag vraagt nog iets, dus de uren kunnen onvolledig zijn.',
  nobody: {
    title: 'Er is niets vastgelegd',
    text: 'Niemand klokte in of was te zien op het werk in deze periode. Kies een andere dag of een andere groep.',
  },
  nothingFound: { title: 'Niemand gevonden', text: 'Probeer minder letters of toon iedereen.', action: 'Toon iedereen' },
  noDays: { title: 'Geen dagen in deze periode', text: 'Er is niets vastgelegd. Is er wel gewerkt? Stel een correctie voor.' },
  missing: (count: number) => (count === 1 ? 'Er is 1 keer niet uitgeklokt.' : `Er is ${count} keer niet uitgeklokt.`),
  missingLook: 'Bekijk ze',
  propose: 'Stel een correctie voor',
  proposeOf: (day: string) => `Stel een correctie voor van ${day}`,
  export: 'Export',
  exportAbout: 'De server maakt het bestand; je haalt het hier binnen drie dagen op.',
  approve: 'Goedkeuren',

  approveTitle: 'Een periode goedkeuren',
  approveAbout: 'Een goedgekeurde dag blijft zoals hij is: late gegevens en correcties worden eerst aan je voorgelegd.',
  first: 'Van',
  last: 'Tot en met',
  despite: 'Keur ook dagen met open vragen goed',
  despiteHint: 'De uren kunnen onvolledig zijn: wie niet uitklokte, krijgt niets geteld.',
  approvePeriod: 'Keur de periode goed',
  before: {
    title: 'Er is nog niets goedgekeurd',
    text: 'Dagen die nog niet voorbij zijn, waar iemand nog binnen is of waar iets wacht, worden overgeslagen en hier genoemd.',
  },
  running: 'Bezig met goedkeuren',
  result: 'Resultaat',
  progress: (done: number, all: number) => `${done} van ${people(all)} gedaan.`,
  done: (count: number) => (count === 0 ? 'Er viel niets meer goed te keuren.' : `${days(count)} goedgekeurd.`),
  failed: {
    title: 'Het goedkeuren is halverwege gestopt',
    text: 'Wat is goedgekeurd, blijft zo. Keur de periode opnieuw goed: alleen de rest wordt dan gedaan.',
  },
  approvedNow: 'Nu goedgekeurd',
  approvedBefore: 'Al goedgekeurd',
  notReady: 'Niet klaar',
  leftOut: (count: number) => `${days(count)} niet klaar`,
  leftOutText: 'Los op wat nog openstaat en keur de periode dan opnieuw goed.',
  reasons: {
    question_open: 'Er staat een vraag open',
    correction_waits: 'Een correctie wacht op een besluit',
    still_inside: 'Nog binnen',
    not_over: 'De dag is nog niet voorbij',
  },
  somebody: 'Iemand',
  notAllNamed: (count: number) => `Alleen de eerste ${count} staan hier.`,
};

export default nl;
