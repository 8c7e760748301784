export { orNull, useEdit } from './edit';
export {
  called,
  groups,
  nameOf,
  person,
  remember,
  sites,
  type Device,
  type Group,
  type Member,
  type Person,
  type Shift,
  type Site,
  type WorkingWindow,
} from './lists';
export { usePages } from './pages';
export { PersonPicker } from './picker';
export { Picture } from './picture';
export { t as common } from './words';
export { WeeklyFields, type WeeklyValues } from './weekly';
export { validWords, weekWords } from './weekly-words';
