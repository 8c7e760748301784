import type en from './words.en';

const nl: typeof en = {
  roles: {
    owner: 'Eigenaar',
    manager: 'Manager',
    sender: 'Alarmverzender',
    responder: 'BHV’er',
    reception: 'Receptie',
    employee: 'Medewerker',
    privacy_officer: 'Privacyfunctionaris',
  },
  weekly: {
    days: 'Dagen waarop het begint',
    starts: 'Van',
    ends: 'Tot',
    nextDay: 'volgende dag',
    nextDayHint: 'Eindigt op de volgende dag.',
    first: 'Eerste dag',
    last: 'Laatste dag',
    lastHint: 'Laat dit leeg als er geen einde bekend is.',
    everyDay: 'Elke dag',
    fromTo: (first: string, last: string) => `${first} t/m ${last}`,
    validFrom: (from: string) => `vanaf ${from}`,
    validBetween: (from: string, until: string) => `${from} t/m ${until}`,
  },
  picker: {
    hint: 'Typ een deel van een naam, nummer of adres.',
    other: 'Iemand anders kiezen',
    found: 'Gevonden mensen',
    none: 'Niemand gevonden. Probeer minder letters.',
  },
  clash: 'Onder elk veld dat verschilt, staat wat nu is opgeslagen. Sla nog eens op om het jouwe ervoor in de plaats te zetten.',
  savedNow: (value: string) => `Nu opgeslagen: ${value}`,
  nothing: 'niets',
  more: 'Meer tonen',
  undo: 'Ongedaan maken',
};

export default nl;
