import type en from './words.en';

const nl: typeof en = {
  title: 'Vandaag',
  clockedIn: 'Je bent ingeklokt',
  since: (time: string) => `sinds ${time}`,
  notIn: 'Je bent niet ingeklokt',
  insideAt: (place: string, time: string) => `Volgens je telefoon ben je sinds ${time} binnen bij ${place}.`,
  unknownAt: (place: string, time: string) => `Je telefoon zwijgt sinds ${time}; toen was je binnen bij ${place}.`,
  waits: 'Nog niet verstuurd: dat gebeurt zodra er netwerk is.',
  in: 'Inklokken',
  out: 'Uitklokken',
  other: { in: 'Toch inklokken', out: 'Toch uitklokken' },
  withLocation: 'Stuur één keer mee waar ik ben',
  withLocationHint: 'Er wordt één keer naar gekeken om de geofence te vinden, daarna is het weg. Zonder kan ook altijd.',
  done: { in: (time: string) => `Ingeklokt om ${time}`, out: (time: string) => `Uitgeklokt om ${time}` },
  kept: 'Er is geen netwerk: het staat op dit apparaat en wordt later verstuurd, met deze tijd.',
  already: {
    in: (time: string) => `Je was al ingeklokt sinds ${time}. Beide blijven staan; je dag vraagt straks welke klopt.`,
    out: (time: string) => `Je was al uitgeklokt sinds ${time}. Beide blijven staan; je dag vraagt straks welke klopt.`,
  },
  fix: {
    inside: 'Je bent binnen een van je geofences.',
    unclear: 'Je positie was niet nauwkeurig genoeg om te zien of je binnen bent. Je bent wel geklokt.',
    outside: 'Je bent buiten je geofences. Je bent wel geklokt.',
    refused: 'Naar je positie is niet gekeken, want delen staat uit of het is buiten je werktijd. Je bent wel geklokt.',
  },
  trouble: {
    refused: {
      title: 'Deze browser mag je locatie niet lezen',
      text: 'Sta het toe bij de instellingen van deze site, of klok in zonder locatie: dat is net zo goed.',
    },
    unavailable: {
      title: 'Dit apparaat weet niet waar het is',
      text: 'Zet locatie aan op het apparaat of ga naar buiten, of klok in zonder locatie.',
    },
    timeout: { title: 'Het zoeken van je positie duurde te lang', text: 'Probeer het bij een raam, of klok in zonder locatie.' },
    missing: { title: 'Hier is geen locatie', text: 'Browsers geven die alleen over een beveiligde verbinding. Klok in zonder locatie.' },
  },
  full: { title: 'Er is geen ruimte meer op dit apparaat', text: 'Maak ruimte en probeer het opnieuw. Er is niets vastgelegd.' },
  worked: 'Gewerkt vandaag',
  hours: 'Werktijd vandaag',
  noHours: 'Geen ingesteld',
  breaks: 'Pauze afgetrokken',
  recent: 'Vandaag tot nu toe',
  methods: { button: 'met de knop', kiosk: 'bij de kiosk', qr: 'met QR-code', manager: 'door een leidinggevende' },
  punch: { in: 'In', out: 'Uit' },
  nothingYet: 'Vandaag is nog niets vastgelegd.',
};

export default nl;
