import { plural } from '../../i18n';

export default {
  title: 'Corrections',
  tabs: { waiting: 'To decide', missing: 'Missing clock-outs', decided: 'Decided' },
  counted: (label: string, count: number) => `${label} (${count})`,
  empty: {
    waiting: { title: 'Nothing waits for you', text: 'Proposals of people and changes by late data appear here.' },
    missing: { title: 'Everybody clocked out', text: 'Clock-ins without a clock-out appear here after 16 hours.' },
    decided: { title: 'Nothing was decided yet', text: 'What was approved, refused or withdrawn stays here with its reason.' },
  },
  decide: { approved: 'Approve', refused: 'Refuse' },
  decideOf: { approved: (name: string) => `Approve, ${name}`, refused: (name: string) => `Refuse, ${name}` },
  decideTitle: {
    approved: (name: string) => `Approve the correction of ${name}?`,
    refused: (name: string) => `Refuse the correction of ${name}?`,
  },
  decidedAs: { approved: 'The correction is approved.', refused: 'The correction is refused.' },
  approvedReason: 'Agreed.',
  reason: 'Why?',
  reasonHint: 'The person reads this.',
  cancel: 'Cancel',
  seeDay: 'See the day',
  missingAbout: 'A clock-in without a clock-out counts nothing. The person is asked too; what they answer comes under “To decide”.',
  inAt: (time: string) => `clocked in at ${time}`,
  complete: 'Give the time',
  completeOf: (name: string) => `Give the time, ${name}`,
  proposeForSomebody: 'Propose for somebody',
  whose: 'Whose day?',
  searchPerson: 'Name, employee number or telephone',
  searchHint: 'Type a part of the name.',
  found: (count: number) => (count === 0 ? 'Nobody found.' : `${plural(count, { one: 'person', other: 'people' })} found.`),
};
