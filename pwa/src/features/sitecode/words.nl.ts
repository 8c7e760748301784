import { formatTime } from '../../i18n';
import type en from './words.en';

const nl: typeof en = {
  title: 'Klok in of uit',
  at: (site: string) => `Klok in of uit: ${site}`,
  about: 'Je hebt de code van deze locatie gescand. Waar je telefoon is, wordt niet gevraagd.',
  in: 'Klok in',
  out: 'Klok uit',
  doneIn: (at: number) => `Ingeklokt om ${formatTime(at)}`,
  doneOut: (at: number) => `Uitgeklokt om ${formatTime(at)}`,
  kept: 'De server heeft nog niet geantwoord. Dit blijft op je telefoon bewaard en wordt bezorgd zodra er netwerk is.',
  alreadyIn: (at: number) => `Je was al ingeklokt, sinds ${formatTime(at)}. Beide blijven bewaard; zet het recht onder Mijn gegevens.`,
  alreadyOut: (at: number) => `Je was al uitgeklokt, om ${formatTime(at)}. Beide blijven bewaard; zet het recht onder Mijn gegevens.`,
  home: 'Naar het begin',
  noCode: {
    title: 'Er staat geen code in dit adres',
    text: 'Scan de code op de poster van je locatie opnieuw, met de camera van je telefoon.',
  },
  strange: {
    title: 'Deze code is niet van een locatie van jou',
    text: 'Misschien is hij van een andere organisatie, of heel oud. Gebruik de kiosk of vraag je leidinggevende.',
  },
  full: { title: 'Je telefoon is vol', text: 'Er is niets bewaard. Maak ruimte vrij of gebruik de kiosk.' },
};

export default nl;
