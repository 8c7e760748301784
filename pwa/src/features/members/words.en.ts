export default {
  title: 'Members',
  about: 'Who can sign in, and as what. Open somebody to change roles, make a new one-time password or end their sessions.',
  add: 'Choose whom to give a sign-in',
  name: 'Name',
  signIn: 'Sign-in name',
  elsewhere: 'An account of another organization',
  roles: 'Roles',
  state: 'Password',
  notYet: 'One-time, not changed yet',
  empty: 'Nobody can sign in',
};
