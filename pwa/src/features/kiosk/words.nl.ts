import { formatTime, plural } from '../../i18n';
import type en from './words.en';

const nl: typeof en = {
  title: 'In- en uitklokken',
  languages: { en: 'English', nl: 'Nederlands' },
  language: 'Taal',
  back: 'Opnieuw beginnen',
  idle: {
    heading: 'Klok in of uit',
    name: 'Je volledige naam',
    nameHint: 'Voor- en achternaam, zoals je werkgever ze schrijft.',
    next: 'Verder',
    or: 'of',
    scan: 'Scan je code',
    scanHint: 'De persoonlijke code in de app, of geprint op je pas.',
  },
  scan: {
    heading: 'Houd je code voor de camera',
    looking: 'Zoekt een code …',
    turn: 'Andere camera',
    instead: 'Liever je naam typen',
    denied: {
      title: 'De camera mag niet worden gebruikt',
      text: 'Wie deze tablet beheert, kan dat toestaan in de instellingen van de browser. Typ tot dan je naam.',
    },
    none: { title: 'Er is geen camera gevonden', text: 'Typ je naam.' },
    taken: { title: 'De camera is in gebruik', text: 'Een andere app op deze tablet gebruikt hem. Typ je naam.' },
    noReader: {
      title: 'Codes lezen lukt nu niet',
      text: 'Een deel van de app staat nog niet op deze tablet en er is geen netwerk. Typ je naam.',
    },
  },
  number: {
    heading: 'Meer mensen hebben deze naam',
    label: 'Je personeelsnummer',
    hint: 'Of begin opnieuw en scan je code.',
    next: 'Verder',
  },
  pin: {
    heading: 'Je pincode',
    digits: (count: number) => `${plural(count, { one: 'cijfer', other: 'cijfers' })} getypt`,
    erase: 'Wis het laatste cijfer',
    ok: 'Verder',
    none: 'Nog geen pincode? Stel er een in via Kioskpas in de app, of vraag je leidinggevende.',
  },
  choose: {
    hello: (name: string) => `Hallo ${name}`,
    helloNobody: 'In of uit?',
    in: 'Klok in',
    out: 'Klok uit',
    away: 'Er is geen netwerk. Je keuze blijft op deze tablet bewaard en wordt later gecontroleerd. Let dus op dat je naam klopt.',
    notMe: 'Dit ben ik niet',
  },
  done: {
    in: (at: number) => `Ingeklokt om ${formatTime(at)}`,
    out: (at: number) => `Uitgeklokt om ${formatTime(at)}`,
    keptIn: (at: number) => `Bewaard: in om ${formatTime(at)}`,
    keptOut: (at: number) => `Bewaard: uit om ${formatTime(at)}`,
    bye: (name: string) => `Dank je, ${name}.`,
    kept: 'Er is geen netwerk. Dit staat veilig op de tablet en wordt bezorgd zodra er weer netwerk is.',
    alreadyIn: 'Je was al ingeklokt. Beide blijven bewaard; jij of je leidinggevende kan het rechtzetten.',
    alreadyOut: 'Je was al uitgeklokt. Beide blijven bewaard; jij of je leidinggevende kan het rechtzetten.',
    ok: 'Klaar',
  },
  trouble: {
    nobody: {
      title: 'Niemand is hier bekend met deze naam',
      text: 'Typ je voor- en achternaam zoals je werkgever ze schrijft, of scan je code. Een leidinggevende kan het voor je invoeren.',
    },
    wrongPin: {
      title: 'Dit hoort niet bij elkaar',
      text: 'Typ je pincode opnieuw. Heb je er nog geen? Stel er een in via de app of vraag je leidinggevende.',
    },
    wait: {
      title: 'Wacht even',
      text: (seconds: number) => `Probeer het opnieuw over ${plural(seconds, { one: 'seconde', other: 'seconden' })}.`,
    },
    notACode: { title: 'Dit is geen persoonlijke code', text: 'Laat de code van je Kioskpas in de app zien, of typ je naam.' },
    full: { title: 'Deze tablet is vol', text: 'Er is niets bewaard. Zeg het tegen een leidinggevende; die kan het voor je invoeren.' },
    refused: {
      title: 'Dit is niet vastgelegd',
      text: 'Probeer het opnieuw, of zeg het tegen een leidinggevende; die kan het voor je invoeren.',
    },
  },
  wipes: (seconds: number) =>
    `Dit wordt over ${plural(seconds, { one: 'seconde', other: 'seconden' })} gewist. Raak het scherm aan om verder te gaan.`,
  strip: {
    away: 'Geen netwerk: namen typen werkt en wordt later bezorgd.',
    waiting: (count: number) => `${plural(count, { one: 'invoer wacht', other: 'keer invoer wacht' })} op netwerk.`,
    lost: (count: number) =>
      `${plural(count, { one: 'invoer is', other: 'keer invoer is' })} niet aangenomen. Zeg het tegen een leidinggevende.`,
    clock: 'De klok van deze tablet is verzet. Tijden zijn weer zeker zodra er netwerk is.',
  },
  enrol: {
    heading: 'Maak van deze tablet een kiosk',
    about: 'Een manager maakt een code in Muster, onder Kiosken. Die werkt één keer, een kwartier lang.',
    code: 'Code',
    codeHint: 'Tien letters en cijfers, bijvoorbeeld k7qm2-p3xwd.',
    pin: 'Een pincode voor deze tablet',
    pinHint: 'Vier tot acht cijfers. Wie de tablet beheert, heeft die nodig om de kiosk te verlaten. Niemand kan je die later vertellen.',
    start: 'Begin',
    insecure: {
      title: 'Dit heeft een beveiligd adres nodig',
      text: 'Open deze pagina met https. Via gewoon http bewaart een browser geen geheimen en geeft hij geen camera.',
    },
    unknown: { title: 'Deze code werkt niet', text: 'Hij is onbekend, gebruikt of ouder dan een kwartier. Vraag een nieuwe.' },
    phone: {
      title: 'Deze code is voor een telefoon gemaakt',
      text: 'Maak er een voor een kiosk, onder Kiosken. Trek de telefoon die hiermee is gemaakt in, onder Apparaten.',
    },
    away: {
      title: 'De server antwoordt niet',
      text: 'Een tablet wordt alleen met netwerk een kiosk. Controleer het en probeer het opnieuw.',
    },
    busy: { title: 'Te vaak geprobeerd', text: 'Wacht een minuut en probeer het opnieuw.' },
  },
  gone: {
    heading: 'Dit is geen kiosk meer',
    text: 'Hij is in Muster uit gebruik genomen. Een manager kan een nieuwe code maken.',
  },
  keeper: {
    open: 'Deze tablet beheren',
    heading: 'Pincode van deze tablet',
    wrong: {
      title: 'Dit is niet de pincode van de tablet',
      text: (seconds: number) =>
        seconds ? `Probeer het opnieuw over ${plural(seconds, { one: 'seconde', other: 'seconden' })}.` : 'Probeer het opnieuw.',
    },
    title: 'Deze kiosk',
    site: 'Locatie',
    device: 'Naam',
    organization: 'Organisatie',
    network: 'Netwerk',
    reached: 'De server antwoordt',
    notReached: 'De server antwoordt niet',
    clock: 'Klok van de tablet',
    clockRight: 'Loopt gelijk',
    clockOff: (minutes: number) =>
      `Wijkt ${plural(minutes, { one: 'minuut', other: 'minuten' })} af. Tijden tellen volgens de klok van de server.`,
    clockUnknown: 'Nog niet met de server vergeleken',
    waiting: 'Wacht op netwerk',
    refused: 'Niet aangenomen',
    refusedAbout: 'Voer deze met de hand in, onder Uren of Bezoek, en haal ze dan van deze lijst.',
    nothing: 'Alles is bezorgd.',
    unnamed: 'Persoonlijke code',
    in: 'in',
    out: 'uit',
    off: 'Van de lijst halen',
    fullscreen: 'Volledig scherm',
    leave: 'Geen kiosk meer',
    leaveTitle: 'Geen kiosk meer?',
    leaveText: (count: number) =>
      count
        ? `${plural(count, { one: 'invoer is', other: 'keer invoer is' })} niet bezorgd en zou verloren gaan. Alles op deze tablet wordt gewist.`
        : 'Alles op deze tablet wordt gewist. Om hem weer te gebruiken maakt een manager een nieuwe code.',
    close: 'Terug naar de kiosk',
  },
};

export default nl;
