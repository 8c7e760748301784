import { formatNumber, plural } from '../i18n';
import type en from './words.en';

const people = (count: number) => plural(count, { one: 'persoon', other: 'mensen' });

const nl: typeof en = {
  channels: { push: 'Push', sms: 'Sms', email: 'E-mail', apprise: 'Chat' },
  channelOf: { push: 'per push', sms: 'per sms', email: 'per e-mail', apprise: 'per chat' },
  languages: { nl: 'Nederlands', en: 'English' },
  texts: {
    subject: 'Onderwerp',
    subjectHint: 'De titel van de push en de e-mail. Een sms heeft alleen de tekst.',
    body: 'Tekst',
    add: (language: string) => `Tekst in het ${language} toevoegen`,
    addHint: 'Iedereen krijgt de eigen taal. Wie daarin geen tekst heeft, krijgt de eerste.',
    drop: (language: string) => `Tekst in het ${language} weghalen`,
    fields: 'Velden',
    insert: (field: string) => `Veld ${field} invoegen`,
    sms: (parts: number, left: number) => `${formatNumber(parts)} sms, nog ${plural(left, { one: 'teken', other: 'tekens' })} over`,
    smsMany: (parts: number, left: number) =>
      `${formatNumber(parts)} sms’en per persoon, nog ${plural(left, { one: 'teken', other: 'tekens' })} over in de laatste`,
    smsNone: 'Nog niets geschreven',
    costly: (letters: string, parts: number, plain: number) =>
      plain < parts
        ? `${letters} hoort niet bij de sms-tekens: het kost ${formatNumber(parts)} sms’en in plaats van ${formatNumber(plain)}.`
        : `${letters} hoort niet bij de sms-tekens, dus er past minder in één sms.`,
    plainly: 'Schrijf het eenvoudig',
  },
  order: {
    label: 'Kanalen, in deze volgorde',
    first: 'Eerst geprobeerd',
    use: (channel: string) => `${channel} gebruiken`,
    up: (channel: string) => `${channel} eerder`,
    down: (channel: string) => `${channel} later`,
    needed: 'Kies minstens één kanaal.',
  },
  preview: {
    title: 'Wat er wordt verstuurd',
    people: (count: number) => people(count),
    nobody: 'Niemand',
    nobodyText: 'Zo bereikt het niemand. Kies andere mensen of andere kanalen.',
    by: 'Eerst geprobeerd per',
    parts: (parts: number) => plural(parts, { one: 'sms', other: 'sms’en samen' }),
    cost: 'Kosten',
    noCost: 'er is geen prijs ingesteld',
    unicode: 'Buiten de gewone sms-tekens',
    unicodeBy: (letters: string) => `door ${letters}`,
    unreachable: (count: number) => `${people(count)} niet te bereiken`,
    more: (count: number) => `En nog ${formatNumber(count)}.`,
    nameless: 'Iemand zonder naam',
    reasons: {
      no_address: 'geen adres voor deze kanalen',
      opted_out: 'wil geen gewone berichten',
      quiet_hours: 'stille uren',
    },
    offline: 'Zonder netwerk kunnen we niet tellen. Het wordt verstuurd zodra er een is.',
    counting: 'Mensen tellen ...',
  },
  statuses: {
    queued: 'Wacht op zijn beurt',
    submitting: 'Wordt overgedragen',
    retry: 'Wordt opnieuw geprobeerd',
    unknown: 'Niet bekend',
    accepted: 'Overgedragen',
    delivered: 'Bezorgd',
    failed: 'Mislukt',
    expired: 'Te laat',
    withdrawn: 'Ingetrokken',
    unreachable: 'Niet verstuurd',
  },
  mayBeDouble: 'Kan dubbel zijn aangekomen',
  replies: { safe: 'Ik ben veilig', need_help: 'Ik heb hulp nodig', on_my_way: 'Ik ben onderweg' },
  replied: { safe: 'Veilig', need_help: 'Heeft hulp nodig', on_my_way: 'Onderweg' },
  stages: {
    draft: 'Concept',
    approval: 'Wacht op goedkeuring',
    scheduled: 'Gepland',
    countdown: 'Telt af',
    active: 'Actief',
    ended: 'Klaar',
    cancelled: 'Geannuleerd',
    expired: 'Verlopen',
    refused: 'Niet goedgekeurd',
  },
  exercises: { actual: 'Echt', exercise: 'Oefening', test: 'Test' },
};

export default nl;
