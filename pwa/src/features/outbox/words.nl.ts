import type en from './words.en';

const nl: typeof en = {
  title: 'Onderweg',
  about: 'Wat je op dit apparaat deed, totdat de server het heeft. Het wordt vanzelf verstuurd, in de volgorde waarin je het deed.',
  empty: 'Alles is aangekomen',
  emptyText: 'Wat je zonder netwerk doet, wacht hier tot er een is.',
  kinds: {
    punch: 'In- of uitklokken',
    kiosk_punch: 'Klokken bij de kiosk',
    correction: 'Correctie',
    answer: 'Antwoord op een vraag over je dag',
    switch_on: 'Delen aan',
    switch_off: 'Delen uit',
    switch_pause: 'Delen gepauzeerd',
    switch_resume: 'Delen hervat',
    fence_new: 'Nieuwe geofence',
    fence_edit: 'Wijziging van een geofence',
    alert: 'Alarm',
    alert_draft: 'Concept van een alarm',
  },
  ways: { in: 'Inklokken', out: 'Uitklokken' },
  states: {
    waiting: 'Wacht',
    sending: 'Wordt verstuurd',
    sign_in: 'Wacht tot je inlogt',
    accepted: 'Aangekomen',
    refused: 'Niet aangenomen',
    conflict: 'Iemand was je voor',
  },
  held: {
    network: 'Geen netwerk.',
    server: 'Het ging mis op de server; we proberen het opnieuw.',
    busy: 'De server heeft het druk; we proberen het opnieuw.',
  },
  tooOld: 'Te lang gewacht',
  look: 'Bekijk het',
  doubtful: 'De klok van dit apparaat is intussen verzet, dus de tijd kan verkeerd zijn.',
  retry: 'Stuur opnieuw',
  discard: 'Weggooien',
  discardTitle: 'Dit weggooien?',
  discardText: 'Het gaat van dit apparaat af en wordt niet meer verstuurd.',
  discardUncertain: 'Misschien is het al aangekomen: we kregen geen antwoord. Kijk eerst bij je dag voordat je het opnieuw doet.',
  discarded: 'Het is weggegooid.',
  tooLate: 'Het wordt op dit moment verstuurd.',
};

export default nl;
