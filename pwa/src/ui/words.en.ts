import { plural } from '../i18n';

export default {
  optional: 'optional',
  close: 'Close',
  cancel: 'Cancel',
  clear: 'Clear',
  retry: 'Try again',
  loading: 'Loading',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  search: 'Search',
  more: 'More actions',
  showMore: 'Show more',
  wrong: {
    missing: 'Fill this in.',
    unticked: 'Tick this to go on.',
    short: (least: number) => `Write at least ${plural(least, { one: 'character', other: 'characters' })}.`,
    long: (most: number) => `Write at most ${plural(most, { one: 'character', other: 'characters' })}.`,
    low: (least: string) => `Not below ${least}.`,
    high: (most: string) => `Not above ${most}.`,
    email: 'Write an e-mail address, for example name@example.org.',
    other: 'This is not written right.',
  },
};
