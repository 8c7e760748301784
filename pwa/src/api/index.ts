export { answer, api, everyPage, send, tagged } from './client';
export { connection, heardAt, type Connection } from './connection';
export { explain, type Explanation } from './explain';
export { Failure, isFailure, type Problem } from './failure';
export { useForm, type Form } from './form';
export type { components, paths } from './schema';
