import { formatDay, formatTime, plural } from '../../../i18n';
import type en from './words.en';

const nl: typeof en = {
  idle: {
    welcome: 'Welkom',
    visiting: 'Op bezoek?',
    arrive: 'Ik kom aan',
    leave: 'Ik ga weg',
  },
  arrive: {
    heading: 'Welkom',
    scan: 'Scan de QR-code van je uitnodiging',
    code: 'Of typ de zes cijfers van je uitnodiging',
    next: 'Verder',
    walkIn: 'Ik heb geen uitnodiging',
    away: 'Er is geen netwerk. Je kunt je aanmelden; dat blijft op deze tablet bewaard. Wie je verwacht, hoort het pas later: ga dus ook even naar de receptie.',
    noForm: {
      title: 'Deze tablet kan nog geen bezoek ontvangen',
      text: 'Hij weet nog niet wat je gevraagd moet worden. Ga naar de receptie.',
    },
  },
  name: {
    heading: 'Wie ben je?',
    name: 'Je naam',
    type: 'Waarvoor kom je?',
    host: 'Voor wie kom je?',
    hostHint: 'Voor- en achternaam. Weet je het niet, laat het dan leeg; de receptie helpt je.',
    unlooked: {
      title: 'Er is geen netwerk, dus je code kan nu niet worden opgezocht',
      text: 'Typ ook je naam. De code wordt later gecontroleerd.',
    },
    next: 'Verder',
  },
  details: {
    hello: (name: string) => `Hallo ${name}`,
    forHost: (name: string) => `Je komt voor ${name}.`,
    about: 'Alleen wat hier wordt gevraagd, wordt bewaard, en niet langer dan erbij staat.',
    days: (days: number) => `Wordt ${plural(days, { one: 'dag', other: 'dagen' })} na je bezoek gewist.`,
    fields: { company: 'Bedrijf', telephone: 'Telefoonnummer', email: 'E-mailadres', plate: 'Kenteken', photo: 'Foto' },
    next: 'Verder',
    signIn: 'Meld me aan',
    notMe: 'Dit ben ik niet',
  },
  photo: {
    start: 'Maak een foto',
    look: 'Kijk in de camera',
    take: 'Maak de foto nu',
    again: 'Maak een andere',
    remove: 'Verwijder',
    yours: 'Je foto',
    failed: 'De camera kan niet worden gebruikt. De receptie kan je helpen.',
  },
  agree: {
    other: 'Hiervan is geen Nederlandse tekst. Vraag het de receptie als je dit niet kunt lezen.',
    agree: 'Ik heb dit gelezen en ga akkoord',
    decline: 'Ik ga niet akkoord',
    declined: { title: 'Zonder akkoord kun je je hier niet aanmelden', text: 'Ga naar de receptie; die kan je helpen.' },
    back: 'Terug naar de tekst',
  },
  arrived: {
    welcome: (name: string) => `Welkom ${name}`,
    told: (host: string) => `${host} krijgt bericht dat je er bent.`,
    toldSomebody: 'De receptie krijgt bericht dat je er bent.',
    wait: 'Neem even plaats',
    waitText: 'De receptie komt zo bij je.',
    kept: (name: string) => `Dank je, ${name}`,
    keptText:
      'Er is geen netwerk. Je bent op deze tablet aangemeld; dat wordt doorgegeven zodra er netwerk is. Wie je verwacht, weet het nog niet: ga naar de receptie.',
    deletes: (day: string) =>
      `Wat je hebt opgegeven, wordt gewist op ${formatDay(day, { day: 'numeric', month: 'long', year: 'numeric' })}.`,
    deletesAfter: (days: number) => `Wat je hebt opgegeven, wordt ${plural(days, { one: 'dag', other: 'dagen' })} na je bezoek gewist.`,
    rules: 'Huisregels',
    badge: 'Print een badge',
    printing: 'Is je badge geprint?',
    printed: 'Ja',
    notPrinted: 'Nee',
    printerGone: {
      title: 'De printer print niet',
      text: 'Je bent aangemeld. Vraag de receptie om een badge, of probeer het opnieuw.',
    },
    again: 'Probeer opnieuw',
    ok: 'Klaar',
  },
  badge: {
    visitor: 'Bezoeker',
    host: (name: string) => `Voor ${name}`,
    number: (number: number) => `Nr. ${number}`,
    qr: 'Afmelden: scan dit bij de kiosk',
  },
  here: {
    heading: (name: string) => `Ga je weg, ${name}?`,
    text: 'Je bent hier aangemeld.',
    leave: 'Ja, meld me af',
    stay: 'Nee, ik blijf',
  },
  leave: {
    heading: 'Tot ziens',
    who: 'Je volledige naam of je zes cijfers',
    hint: 'Zoals je je hebt aangemeld.',
    next: 'Meld me af',
    or: 'of',
    scan: 'Scan je badge of uitnodiging',
  },
  bye: {
    heading: (at: number) => `Afgemeld om ${formatTime(at)}`,
    kept: (at: number) => `Bewaard: weg om ${formatTime(at)}`,
    text: 'Goede reis.',
    keptText: 'Er is geen netwerk. Dit wordt doorgegeven zodra er netwerk is.',
    ok: 'Klaar',
  },
  trouble: {
    noVisit: {
      title: 'Deze code werkt niet',
      text: 'Hij is hier onbekend. Controleer de cijfers, kies ‘Ik heb geen uitnodiging’ of ga naar de receptie.',
    },
    visitOver: {
      title: 'Deze code is al gebruikt',
      text: 'Het bezoek is voorbij. Kies ‘Ik heb geen uitnodiging’ of ga naar de receptie.',
    },
    visitNotNow: {
      title: 'Deze code geldt nu niet',
      text: 'Het bezoek is afgezegd of is op een andere dag. Kies ‘Ik heb geen uitnodiging’ of ga naar de receptie.',
    },
    notHere: { title: 'Zo is hier niemand aangemeld', text: 'Typ je naam precies zoals je je hebt aangemeld, of ga naar de receptie.' },
    severalHere: {
      title: 'Meer bezoekers hebben deze naam',
      text: 'Typ je zes cijfers, scan je badge of ga naar de receptie.',
    },
    noHost: {
      title: 'Niemand heet hier precies zo',
      text: 'Typ voor- en achternaam. Klopt het? Kies dan nog eens ‘Verder’; de receptie helpt je.',
    },
    newer: { title: 'Er is intussen iets veranderd', text: 'Loop het nog eens na.' },
    visitRefused: { title: 'Dit is niet gelukt', text: 'Ga naar de receptie; die kan je aanmelden.' },
    visitFull: { title: 'Deze tablet is vol', text: 'Er is niets bewaard. Ga naar de receptie; die kan je aanmelden.' },
  },
  keeper: {
    arrival: 'bezoek in',
    departure: 'bezoek uit',
    away: 'Zonder netwerk',
    awayList: [
      'Bezoekers melden zich aan en af; dat wordt later doorgegeven.',
      'Wie hen verwacht, hoort pas dan van hun komst.',
      'Codes en de lijst van wie er niet in mag, worden pas dan gecontroleerd.',
      'Badges hebben geen nummer en geen code om mee af te melden.',
    ],
  },
};

export default nl;
