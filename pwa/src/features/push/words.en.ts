export default {
  title: 'How you are reached',
  about: 'Notifications, channels and quiet hours. They are yours; your organization sees them.',
  account: 'Account',
  wishes: 'Messages',
  wishesAbout: 'Alerts use every channel that is needed; this is about their order, and about ordinary messages.',
  push: 'Notifications on this device',
  pushAbout: 'The quickest way to reach you: messages and alerts appear on this screen, also when the app is closed.',
  explained: [
    'Your browser asks next whether it may show notifications. Say yes there.',
    'A message passes the push service of your browser’s maker, sealed: they cannot read it.',
    'On a locked phone others may read it too. Your phone’s settings decide what is shown there.',
    'It stops when you sign out, or here, at any time.',
  ],
  turnOn: 'Turn on notifications',
  on: 'Notifications are on',
  test: 'Send a test',
  tested: 'A test is on its way to this device.',
  alone:
    'Do not rely on notifications alone: a phone without a network, or on silent, shows or sounds nothing. Keep your number up to date.',
  install: {
    title: 'First put the app on your home screen',
    steps: [
      'Open this page in Safari and press Share, the square with the arrow.',
      'Choose "Add to Home Screen", then "Add".',
      'Open the app from your home screen, sign in, and come back here.',
    ],
  },
  cannot: {
    insecure: { title: 'Not at this address', text: 'Notifications need HTTPS. Ask whoever runs this server for an address that has it.' },
    unable: {
      title: 'This browser takes no notifications',
      text: 'Use Chrome, Edge, Firefox or Safari, and no private window. SMS and e-mail reach you all the same.',
    },
    denied: {
      title: 'Notifications are blocked here',
      text: 'Allow them for this site in the settings of your browser (the icon beside the address), then reload this page.',
    },
  },
  noPush: {
    denied: { title: 'Your browser said no', next: 'You can allow notifications for this site in the settings of your browser.' },
    service: {
      title: 'The push service of this browser did not answer',
      next: 'Try again later. Some networks and browsers block it; SMS and e-mail reach you all the same.',
    },
  },
  browsers: 'Your browsers with notifications',
  browser: 'Browser',
  unknown: 'Unknown browser',
  thisOne: 'This one',
  since: 'Since',
  lastOk: 'Last handed over',
  never: 'not yet',
  remove: 'Remove',
  removeOf: (browser: string) => `Remove ${browser}`,
  removeTitle: 'No notifications on that browser any more?',
  removeText: 'Messages and alerts reach you there by SMS or e-mail only, as far as these are known.',
};
