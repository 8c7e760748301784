import { plural } from '../../i18n';
import type en from './words.en';

const nl: typeof en = {
  title: 'Mijn gegevens',
  about: 'Wat je werkgever van je zag, wat daarvan is gemaakt en waarmee je akkoord ging.',
  tabs: { days: 'Mijn dagen', seen: 'Wat is gezien', corrections: 'Correcties', export: 'Meenemen', consent: 'Mijn akkoord' },

  hours: (time: string) => `${time} uur in deze periode`,
  propose: 'Stel een correctie voor',
  proposeOf: (day: string) => `Stel een correctie voor van ${day}`,
  noDays: { title: 'Geen dagen in deze periode', text: 'Er is niets vastgelegd. Heb je wel gewerkt? Stel een correctie voor.' },
  unsent: (count: number) => `${plural(count, { one: 'voorstel wacht', other: 'voorstellen wachten' })} op dit apparaat op verzending.`,
  unsentBad: 'De server nam een voorstel van je niet aan. Bekijk waarom.',
  unsentLook: 'Bekijk',

  questions: (count: number) => (count === 1 ? 'Je dag heeft een vraag' : 'Je dagen hebben vragen'),
  questionsAbout: 'We raden niet. Tot je antwoordt, kunnen deze uren onvolledig zijn.',
  asks: {
    clock_out_missing: (time: string) => `je klokte om ${time} in, maar niet uit. Wanneer ging je weg?`,
    clock_in_missing: (time: string) => `je klokte om ${time} uit, maar niet in. Wanneer kwam je?`,
    left_assumed: (time: string) => `je bent om ${time} voor het laatst binnen gezien. Ging je toen weg?`,
  },
  right: { clock_out_missing: 'Toen ging ik weg', clock_in_missing: 'Toen kwam ik', left_assumed: 'Toen ging ik weg' },
  yes: 'Ja, dat klopt',
  no: 'Nee, een andere tijd',
  giveTime: 'Vul de tijd in',
  confirmReason: 'Dat klopt.',
  confirmed: { arrived: 'Dank je: het einde staat vast.', kept: 'Je antwoord staat op dit apparaat en wordt nog verstuurd.' },
  answered: {
    arrived: 'Je antwoord is verstuurd. Een manager beslist.',
    kept: 'Je antwoord staat op dit apparaat en wordt nog verstuurd.',
  },
  full: 'Er is geen ruimte meer op dit apparaat. Maak ruimte vrij en probeer het opnieuw.',
  reason: 'Waarom?',
  reasonHint: 'Wie beslist leest dit.',
  send: 'Verstuur antwoord',
  cancel: 'Annuleer',

  told: 'Wat je werkgever te zien kreeg',
  toldAbout:
    'De laatste tien keer dat je binnenkwam of wegging, zoals je organisatie het zag. Uitzetten of pauzeren lijkt voor hen op een telefoon die stil wordt.',
  toldNone: 'Je organisatie zag je nergens.',
  crossing: { enter: (place: string) => `Binnengekomen: ${place}`, leave: (place: string) => `Weggegaan: ${place}` },
  stays: 'Waar je binnen was',
  staysAbout:
    'Van de laatste maand, met wat er echt een einde aan maakte. Alleen jij ziet het zo. Waar je precies was, wordt niet bewaard.',
  staysNone: 'Je was de laatste maand nergens binnen.',
  inside: 'Binnen',
  ended: { confirmed: 'Weggaan gezien', assumed: 'Einde aangenomen', manual: 'Met de hand ingevoerd' },
  fromTo: (from: string, until: string) => `${from} tot ${until}`,
  since: (time: string) => `sinds ${time}`,
  looks: 'Wie keek',
  looksAbout: 'Iedereen die keek waar je bent. Eén regel voor elke keer dat iemand ervoor ging zitten.',
  looksNone: 'Niemand keek.',
  somebody: 'Iemand die hier niet meer is',
  atEverybody: 'naar iedereen',
  atYou: 'naar jou',

  corrections: 'Jouw correcties',
  correctionsAbout: 'Voorgesteld door jou of over jou. Niets wordt overschreven: wat er eerst stond, blijft bekend.',
  correctionsNone: 'Over jouw dagen is niets voorgesteld.',
  withdraw: 'Trek in',
  withdrawTitle: 'Dit voorstel intrekken?',
  withdrawText: 'Het telt dan nergens meer voor. Je kunt het opnieuw voorstellen.',
  withdrawn: 'Het voorstel is ingetrokken.',

  notices: 'Toelichtingen waarmee ik akkoord ging',
  noticesAbout: 'Wat je las en aannam voordat je je locatie deelde.',
  noticesNone: 'Je deelde je locatie nooit, dus je ging met geen toelichting akkoord.',
  version: (version: string) => `Toelichting op locatie, versie ${version}`,
  inLanguage: { en: 'Gelezen in het Engels', nl: 'Gelezen in het Nederlands' },
  checksum: 'Controlegetal van de tekst:',
  switch: 'Wat ik met delen deed',
  switchAbout: 'Alleen jij ziet dit.',
  switchNone: 'Delen stond nooit aan.',
  events: {
    on: 'Delen aangezet',
    off: 'Delen uitgezet',
    pause: 'Delen gepauzeerd',
    resume: 'Delen hervat',
    notice: 'Nieuwere toelichting aangenomen',
    device: 'De telefoon gekozen die voor mij spreekt',
  },
  paused: (until: string) => `Delen gepauzeerd tot ${until}`,
  channels: { departure: '(toen je de organisatie verliet)' },
};

export default nl;
