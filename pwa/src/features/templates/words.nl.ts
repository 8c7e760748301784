import type en from './words.en';

const nl: typeof en = {
  title: 'Sjablonen',
  about: 'Teksten die klaarliggen, zodat je in de haast alleen de velden hoeft in te vullen.',
  messages: 'Berichten',
  add: 'Nieuw sjabloon',
  which: 'Welke sjablonen',
  used: 'In gebruik',
  retired: 'Uit gebruik',
  none: {
    title: 'Nog geen sjablonen',
    text: 'Schrijf de tekst die je niet in de haast wilt verzinnen: ontruiming, een oefening, een verzamelplaats.',
  },
  noneRetired: 'Er is niets uit gebruik',
  name: 'Naam',
  nameHint: 'Alleen voor de lijst; ontvangers zien hem niet.',
  version: 'Versie',
  shownAsOf: 'Zoals het was',
  newTitle: 'Nieuw sjabloon',
  text: 'Tekst',
  fieldsAbout:
    'Een woord tussen accolades, zoals {plaats}, is een veld: wie verstuurt, vult het in. Alleen kleine letters, cijfers en _ als streepje.',
  fields: (names: string) => `Velden: ${names}.`,
  save: 'Opslaan',
  saveVersion: 'Opslaan als nieuwe versie',
  saved: 'Opgeslagen.',
  clash:
    'Iemand heeft dit sjabloon intussen gewijzigd. Sla nog eens op om van het jouwe de nieuwste versie te maken; die van de ander blijft bewaard.',
  versions: 'Versies',
  versionsAbout: 'Niets wordt overschreven: bij een bericht staat van welke versie het is gemaakt.',
  versionOf: (number: number) => `Versie ${number}`,
  use: 'Schrijf hiermee',
  retire: 'Uit gebruik nemen',
  retireTitle: 'Dit sjabloon uit gebruik nemen?',
  retireText: 'Je kunt het niet meer kiezen. Berichten die ermee zijn gemaakt, blijven zoals ze zijn, en je kunt het terugzetten.',
  retiredDone: 'Uit gebruik genomen.',
  isRetired: 'Dit sjabloon is uit gebruik: je kunt het niet kiezen.',
  restore: 'Terugzetten',
  restored: 'Je kunt het weer gebruiken.',
};

export default nl;
