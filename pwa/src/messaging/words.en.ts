import { formatNumber, plural } from '../i18n';

const people = (count: number) => plural(count, { one: 'person', other: 'people' });

export default {
  channels: { push: 'Push', sms: 'SMS', email: 'E-mail', apprise: 'Chat' },
  channelOf: { push: 'by push', sms: 'by SMS', email: 'by e-mail', apprise: 'by chat' },
  languages: { nl: 'Nederlands', en: 'English' } as Record<string, string>,
  texts: {
    subject: 'Subject',
    subjectHint: 'The title of the push and the e-mail. An SMS has only the text.',
    body: 'Text',
    add: (language: string) => `Add a text in ${language}`,
    addHint: 'Everybody gets their own language. Who has no text in theirs gets the first.',
    drop: (language: string) => `Remove the text in ${language}`,
    fields: 'Fields',
    insert: (field: string) => `Insert the field ${field}`,
    sms: (parts: number, left: number) =>
      `${formatNumber(parts)} SMS, ${plural(left, { one: 'character', other: 'characters' })} left in it`,
    smsMany: (parts: number, left: number) =>
      `${formatNumber(parts)} SMS for each person, ${plural(left, { one: 'character', other: 'characters' })} left in the last`,
    smsNone: 'Nothing written yet',
    costly: (letters: string, parts: number, plain: number) =>
      plain < parts
        ? `${letters} does not fit the SMS alphabet: it takes ${formatNumber(parts)} SMS instead of ${formatNumber(plain)}.`
        : `${letters} does not fit the SMS alphabet, so fewer characters fit in one SMS.`,
    plainly: 'Write it plainly',
  },
  order: {
    label: 'Channels, in this order',
    first: 'Tried first',
    use: (channel: string) => `Use ${channel}`,
    up: (channel: string) => `${channel} earlier`,
    down: (channel: string) => `${channel} later`,
    needed: 'Choose at least one channel.',
  },
  preview: {
    title: 'What will be sent',
    people: (count: number) => people(count),
    nobody: 'Nobody',
    nobodyText: 'This reaches nobody as it stands. Choose other people or other channels.',
    by: 'First tried by',
    parts: (parts: number) => plural(parts, { one: 'SMS', other: 'SMS in all' }),
    cost: 'Cost',
    noCost: 'no price is set',
    unicode: 'Outside the plain SMS alphabet',
    unicodeBy: (letters: string) => `because of ${letters}`,
    unreachable: (count: number) => `${people(count)} cannot be reached`,
    more: (count: number) => `And ${formatNumber(count)} more.`,
    nameless: 'Somebody without a name',
    reasons: {
      no_address: 'no address for these channels',
      opted_out: 'does not want ordinary messages',
      quiet_hours: 'quiet hours',
    } as Record<string, string>,
    offline: 'Without a network nobody can be counted. It is sent when there is one.',
    counting: 'Counting people ...',
  },
  statuses: {
    queued: 'Waits its turn',
    submitting: 'Is being handed over',
    retry: 'Is tried again',
    unknown: 'Not known',
    accepted: 'Handed over',
    delivered: 'Delivered',
    failed: 'Failed',
    expired: 'Too late',
    withdrawn: 'Withdrawn',
    unreachable: 'Not sent',
  } as Record<string, string>,
  mayBeDouble: 'May have come twice',
  replies: { safe: 'I am safe', need_help: 'I need help', on_my_way: 'I am on my way' } as Record<string, string>,
  replied: { safe: 'Safe', need_help: 'Needs help', on_my_way: 'On their way' } as Record<string, string>,
  stages: {
    draft: 'Draft',
    approval: 'Waits for approval',
    scheduled: 'Planned',
    countdown: 'Counts down',
    active: 'Active',
    ended: 'Ended',
    cancelled: 'Cancelled',
    expired: 'Expired',
    refused: 'Not approved',
  } as Record<string, string>,
  exercises: { actual: 'Actual', exercise: 'Exercise', test: 'Test' } as Record<string, string>,
};
