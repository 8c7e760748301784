import type en from './words.en';

const nl: typeof en = {
  title: 'Diensten en werktijden',
  parts: { shifts: 'Diensten', windows: 'Werktijden' },
  about: {
    shifts: 'Wanneer mensen verwacht worden. Een dag wordt ermee vergeleken; een dienst maakt of neemt nooit vanzelf uren.',
    windows: 'Wanneer naar een locatie gekeken mag worden. Daarbuiten wordt elke positie geweigerd.',
  },
  windowsPrivacy:
    'Van wie geen werktijden heeft, mag de locatie bekeken worden zolang die gedeeld wordt. Stel ze in, dan blijft privétijd privé.',
  add: { shifts: 'Dienst toevoegen', windows: 'Werktijden toevoegen' },
  group: 'Groep',
  everybody: 'Iedereen',
  ofPerson: (name: string) => `Van ${name}, met die van de eigen groepen.`,
  goneGroup: 'Een groep buiten gebruik',
  whose: 'Van',
  name: 'Naam',
  when: 'Wanneer',
  valid: 'Geldt',
  pause: (minutes: number) => `${minutes} min pauze`,
  actions: 'Wat je kunt doen',
  changeOf: (name: string) => `Wijzigen (${name})`,
  end: 'Beëindigen',
  endTitle: { shifts: 'Deze dienst beëindigen?', windows: 'Deze werktijden beëindigen?' },
  endText: {
    shifts: 'Vandaag begint de dienst voor het laatst. Dagen van vroeger blijven ermee vergeleken.',
    windows: 'Ze stoppen nu. Van wie geen andere werktijden heeft, mag de locatie dan bekeken worden zolang die gedeeld wordt.',
  },
  ended: { shifts: 'De dienst stopt na vandaag.', windows: 'De werktijden zijn beëindigd.' },
  empty: {
    shifts: { title: 'Nog geen diensten', text: 'Voeg er een toe voor een groep, dan geldt die voor iedereen erin, of voor één persoon.' },
    windows: {
      title: 'Nog geen werktijden',
      text: 'Voeg ze toe voor een groep of een persoon, zodat niemand in eigen tijd wordt bekeken.',
    },
  },
  form: {
    add: { shifts: 'Dienst toevoegen', windows: 'Werktijden toevoegen' },
    change: { shifts: 'Dienst wijzigen', windows: 'Werktijden wijzigen' },
    forWhom: 'Voor wie',
    group: 'Groep',
    person: 'Persoon',
    choose: 'Kies een groep',
    chooseFirst: 'Kies voor wie',
    name: 'Naam',
    nameHint: 'Bijvoorbeeld "Vroeg" of "Kantooruren".',
    pause: 'Pauze',
    minutes: 'minuten',
    site: 'Locatie',
    anySite: 'Geen bepaalde locatie',
    replaces: {
      shifts: 'De oude stopt de dag voor de eerste dag; eerdere dagen blijven zoals ze waren.',
      windows: 'De oude stoppen nu. Wat ervoor was, blijft zoals het was.',
    },
    save: 'Opslaan',
    saved: 'Opgeslagen.',
  },
};

export default nl;
