import { plural } from '../../i18n';
import type en from './words.en';

const nl: typeof en = {
  title: 'Correcties',
  tabs: { waiting: 'Te beslissen', missing: 'Niet uitgeklokt', decided: 'Beslist' },
  counted: (label: string, count: number) => `${label} (${count})`,
  empty: {
    waiting: { title: 'Er wacht niets op je', text: 'Hier verschijnen voorstellen van mensen en wijzigingen door late gegevens.' },
    missing: { title: 'Iedereen is uitgeklokt', text: 'Wie wel in- maar niet uitklokte, verschijnt hier na 16 uur.' },
    decided: { title: 'Er is nog niets beslist', text: 'Wat is goedgekeurd, afgewezen of ingetrokken, blijft hier staan met de reden.' },
  },
  decide: { approved: 'Keur goed', refused: 'Wijs af' },
  decideOf: { approved: (name: string) => `Keur goed, ${name}`, refused: (name: string) => `Wijs af, ${name}` },
  decideTitle: {
    approved: (name: string) => `De correctie van ${name} goedkeuren?`,
    refused: (name: string) => `De correctie van ${name} afwijzen?`,
  },
  decidedAs: { approved: 'De correctie is goedgekeurd.', refused: 'De correctie is afgewezen.' },
  approvedReason: 'Akkoord.',
  reason: 'Waarom?',
  reasonHint: 'Degene om wie het gaat leest dit.',
  cancel: 'Annuleer',
  seeDay: 'Bekijk de dag',
  missingAbout: 'Wie inklokt en niet uitklokt, krijgt niets geteld. De persoon krijgt de vraag ook; het antwoord komt bij ‘Te beslissen’.',
  inAt: (time: string) => `ingeklokt om ${time}`,
  complete: 'Vul de tijd in',
  completeOf: (name: string) => `Vul de tijd in, ${name}`,
  proposeForSomebody: 'Voorstel voor iemand',
  whose: 'Wiens dag?',
  searchPerson: 'Naam, personeelsnummer of telefoon',
  searchHint: 'Typ een deel van de naam.',
  found: (count: number) => (count === 0 ? 'Niemand gevonden.' : `${plural(count, { one: 'persoon', other: 'mensen' })} gevonden.`),
};

export default nl;
