import type { Named } from '../../rollcall/types';

/** Sites by id, these or all of those known. */
export const siteNames = (known: readonly Named[] = [], ids?: readonly string[]): Map<string, string> =>
  new Map(known.filter(({ id }) => !ids || ids.includes(id)).map(({ id, name }) => [id, name]));
