import { plural } from '../i18n';

/** What went wrong, and what to do next, for people. Keys of `refused` are the last part of a problem's type. */
export default {
  offline: { title: 'You are offline', next: 'Check your network. What you typed is still here.' },
  unreachable: { title: 'The server does not answer', next: 'Try again in a moment. What you typed is still here.' },
  slow: { title: 'This takes too long', next: 'The server or the network is slow. Try again in a moment.' },
  broken: {
    title: 'Something went wrong on the server',
    next: 'Nothing you typed is lost. Try again; if it stays, give the code below to whoever runs your server.',
  },
  nonsense: {
    title: 'The answer makes no sense',
    next: 'Perhaps a sign-in page of the network got in between. Check your network, then try again.',
  },
  refused: {
    'alert-too-old': {
      title: 'This alert waited for too long',
      next: 'It was not sent. Look whether it is still right, then send it anew.',
    },
    'bad-request': { title: 'The server did not understand this', next: 'Reload the app and try again.' },
    'csrf-refused': { title: 'The server did not trust this request', next: 'Reload the app and try again.' },
    forbidden: { title: 'You may not do this', next: 'Ask an owner of your organization.' },
    invalid: { title: 'Something is not filled in right', next: 'Look at what is marked.' },
    'not-found': { title: 'This is not here', next: 'It may have been removed, or it is not for you. Go back and look again.' },
    'password-change-required': { title: 'Choose a password of your own first', next: 'Then go on.' },
    stale: { title: 'Somebody else changed this meanwhile', next: 'Load it again, look, and repeat your change.' },
    'already-done': { title: 'This was done already', next: 'Load the page again to see it.' },
    'too-large': { title: 'This is too large', next: 'Send less at once.' },
    'wrong-content-type': { title: 'This kind of file is not taken', next: 'Choose another file.' },
    'too-many': { title: 'Too many tries', next: 'Wait a moment, then try again.' },
    unavailable: { title: 'The server is busy', next: 'Nothing was lost. Try again in a moment.' },
    unauthorized: { title: 'You could not be signed in', next: 'Sign in again.' },
    conflict: { title: 'This clashes with what is there', next: 'Load it again, look, and choose.' },
  } as Record<string, { title: string; next: string }>,
  other: { title: 'This did not work', next: 'Try again.' },
  wait: (seconds: number) =>
    `Wait ${seconds < 90 ? plural(seconds, { one: 'second', other: 'seconds' }) : plural(Math.ceil(seconds / 60), { one: 'minute', other: 'minutes' })}, then try again.`,
  code: (requestId: string) => `Code: ${requestId}`,
};
