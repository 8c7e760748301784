import type { Catalogue } from './server-words';

/** Where the server's own English is meant for programs. */
const words: Catalogue = [
  ['Correct it; the API description says what is taken.', ''],
  ['Field required', 'Fill this in'],
  ['Add it.', ''],
  ['String should have at least 1 character', 'Fill this in'],
  ['String should have at least {} characters', 'Write at least {} characters'],
  ['String should have at most {} characters', 'Write at most {} characters'],
  ['Shorten it.', ''],
  ['String should match pattern {}', 'This is not written right'],
  ['List should have at least {} item after validation, not {}', 'Choose at least {}'],
  ['Input should be a valid {}', 'This is not written right'],
  ['Input should be greater than or equal to {}', 'Not below {}'],
  ['Input should be less than or equal to {}', 'Not above {}'],
  ['Input should be greater than {}', 'It must be more than {}'],
  ['Input should be less than {}', 'It must be less than {}'],
];

export default words;
