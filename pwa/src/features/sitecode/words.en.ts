import { formatTime } from '../../i18n';

export default {
  title: 'Clock in or out',
  at: (site: string) => `Clock in or out at ${site}`,
  about: 'You scanned the code of this site. Your location is not asked.',
  in: 'Clock in',
  out: 'Clock out',
  doneIn: (at: number) => `Clocked in at ${formatTime(at)}`,
  doneOut: (at: number) => `Clocked out at ${formatTime(at)}`,
  kept: 'There is no answer from the server yet. This is kept on your phone and delivered as soon as there is a network.',
  alreadyIn: (at: number) => `You were clocked in already, since ${formatTime(at)}. Both are kept; put it right under My data.`,
  alreadyOut: (at: number) => `You were clocked out already, at ${formatTime(at)}. Both are kept; put it right under My data.`,
  home: 'Go to the start',
  noCode: {
    title: 'There is no code in this address',
    text: 'Scan the code on the poster of your site again, with the camera of your phone.',
  },
  strange: {
    title: 'This code is not of a site of yours',
    text: 'Perhaps it is of another organization, or very old. Use the kiosk, or ask your manager.',
  },
  full: { title: 'Your phone is full', text: 'Nothing was kept. Free some space, or use the kiosk.' },
};
