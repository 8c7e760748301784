import type en from './words.en';

const nl: typeof en = {
  title: 'Hoe je wordt bereikt',
  about: 'Meldingen, kanalen en stille uren. Jij bepaalt ze; je organisatie kan ze zien.',
  account: 'Account',
  wishes: 'Berichten',
  wishesAbout: 'Een alarm gebruikt elk kanaal dat nodig is; dit gaat over de volgorde, en over gewone berichten.',
  push: 'Meldingen op dit apparaat',
  pushAbout: 'Zo ben je het snelst te bereiken: berichten en alarmen verschijnen op dit scherm, ook als de app dicht is.',
  explained: [
    'Je browser vraagt zo of hij meldingen mag tonen. Zeg daar ja.',
    'Een bericht gaat via de pushdienst van de maker van je browser, verzegeld: zij kunnen het niet lezen.',
    'Op een vergrendelde telefoon kunnen anderen meelezen. Wat daar te zien is, bepaal je in je telefoon.',
    'Het stopt als je uitlogt, of hier, wanneer je wilt.',
  ],
  turnOn: 'Meldingen aanzetten',
  on: 'Meldingen staan aan',
  test: 'Stuur een test',
  tested: 'Er is een test onderweg naar dit apparaat.',
  alone: 'Vertrouw niet alleen op meldingen: een telefoon zonder netwerk of op stil laat niets zien of horen. Houd je nummer actueel.',
  install: {
    title: 'Zet de app eerst op je beginscherm',
    steps: [
      'Open deze pagina in Safari en druk op Deel, het vierkant met de pijl.',
      'Kies ‘Zet op beginscherm’ en dan ‘Voeg toe’.',
      'Open de app vanaf je beginscherm, log in en kom hier terug.',
    ],
  },
  cannot: {
    insecure: {
      title: 'Niet op dit adres',
      text: 'Meldingen hebben HTTPS nodig. Vraag de beheerder van deze server om een adres dat het heeft.',
    },
    unable: {
      title: 'Deze browser toont geen meldingen',
      text: 'Gebruik Chrome, Edge, Firefox of Safari, en geen privévenster. Sms en e-mail bereiken je wel.',
    },
    denied: {
      title: 'Meldingen zijn hier geblokkeerd',
      text: 'Sta ze voor deze site toe in de instellingen van je browser (het pictogram naast het adres), en laad deze pagina opnieuw.',
    },
  },
  noPush: {
    denied: { title: 'Je browser zei nee', next: 'Je kunt meldingen voor deze site toestaan in de instellingen van je browser.' },
    service: {
      title: 'De pushdienst van deze browser antwoordde niet',
      next: 'Probeer het later nog eens. Sommige netwerken en browsers houden het tegen; sms en e-mail bereiken je wel.',
    },
  },
  browsers: 'Je browsers met meldingen',
  browser: 'Browser',
  unknown: 'Onbekende browser',
  thisOne: 'Deze',
  since: 'Sinds',
  lastOk: 'Laatst overgedragen',
  never: 'nog niet',
  remove: 'Verwijderen',
  removeOf: (browser: string) => `${browser} verwijderen`,
  removeTitle: 'Geen meldingen meer op die browser?',
  removeText: 'Berichten en alarmen bereiken je daar alleen nog per sms of e-mail, voor zover die bekend zijn.',
};

export default nl;
