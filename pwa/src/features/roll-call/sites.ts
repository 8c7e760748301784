import { sites } from '../../people';

/** Sites by id, these or all, in the order of the organization's list. */
export function siteNames(ids?: readonly string[]): Map<string, string> {
  const all = sites().value.value ?? [];
  return new Map(all.filter(({ id }) => !ids || ids.includes(id)).map(({ id, name }) => [id, name]));
}
