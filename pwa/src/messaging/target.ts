/** Who a message or an alert is for, as a person chooses it, and as the server's target document (`app/core/target.py`). Pure. */
import type { Target } from '../api/messaging-types';
import type { Shape } from '../map/shape';

/** Whoever is in any of the choices; of these only who is on site, and nobody of the excepted groups, where that was asked for. */
export interface Chosen {
  everyone: boolean;
  on_site: boolean;
  /** Whoever visits any site now. */
  visitors: boolean;
  fences: readonly string[];
  sites: readonly string[];
  groups: readonly string[];
  roles: readonly string[];
  people: readonly string[];
  /** Drawn for this alert. Its shape travels beside the target. */
  area: Shape | null;
  only_on_site: boolean;
  except_groups: readonly string[];
}
/** The choices that are lists. */
export type ListOf = 'fences' | 'sites' | 'groups' | 'roles' | 'people' | 'except_groups';

export const nobody: Chosen = {
  everyone: false,
  on_site: false,
  visitors: false,
  fences: [],
  sites: [],
  groups: [],
  roles: [],
  people: [],
  area: null,
  only_on_site: false,
  except_groups: [],
};

/** How many choices were made; an area is one. */
export const choices = ({ everyone, on_site, visitors, fences, sites, groups, roles, people, area }: Chosen): number =>
  Number(everyone) +
  Number(on_site) +
  Number(visitors) +
  fences.length +
  sites.length +
  groups.length +
  roles.length +
  people.length +
  Number(area !== null);

/** With one more, or without it when it was there. */
export function toggled(chosen: Chosen, list: ListOf, id: string): Chosen {
  const before = chosen[list];
  return { ...chosen, [list]: before.includes(id) ? before.filter((one) => one !== id) : [...before, id] };
}

/** Stands in a document for the area that travels beside it, until the server has made a fence of it. */
export const DRAWN = 'drawn';

/** The document; null when nothing was chosen. */
export function targetOf(chosen: Chosen): Target | null {
  if (choices(chosen) === 0) return null;
  const any: Target[] = [
    ...(chosen.everyone ? [{ everyone: true } as const] : []),
    ...(chosen.on_site ? [{ on_site: true } as const] : []),
    ...(chosen.visitors ? [{ visitors: true } as const] : []),
    ...chosen.fences.map((fence) => ({ fence })),
    ...chosen.sites.map((site) => ({ site })),
    ...chosen.groups.map((group) => ({ group })),
    ...chosen.roles.map((role) => ({ role })),
    ...(chosen.people.length > 0 ? [{ people: [...chosen.people] }] : []),
    ...(chosen.area ? [{ area: DRAWN }] : []),
  ];
  const who: Target = any.length === 1 ? any[0]! : { any };
  const all: Target[] = [
    ...(chosen.only_on_site ? [{ on_site: true } as const] : []),
    ...chosen.except_groups.map((group) => ({ not: { group } })),
  ];
  return all.length > 0 ? { all: [who, ...all] } : who;
}

/** The choices behind a document; null when it says more than this screen can show. The drawn area is not in it. */
export function chosenOf(target: Target): Chosen | null {
  if (!('all' in target)) return anyOf(target);
  const [who, ...others] = target.all;
  const first = who && anyOf(who);
  if (!first) return null;
  let chosen: Chosen = first;
  for (const other of others) {
    if ('on_site' in other) chosen = { ...chosen, only_on_site: true };
    else if ('not' in other && 'group' in other.not) chosen = { ...chosen, except_groups: [...chosen.except_groups, other.not.group] };
    else return null;
  }
  return chosen;
}

function anyOf(target: Target): Chosen | null {
  const found = { ...nobody, fences: [] as string[], sites: [] as string[], groups: [] as string[], roles: [] as string[] };
  let people: string[] = [];
  for (const leaf of 'any' in target ? target.any : [target]) {
    if ('everyone' in leaf) found.everyone = true;
    else if ('on_site' in leaf) found.on_site = true;
    else if ('visitors' in leaf && leaf.visitors === true) found.visitors = true;
    else if ('fence' in leaf) found.fences.push(leaf.fence);
    else if ('site' in leaf) found.sites.push(leaf.site);
    else if ('group' in leaf) found.groups.push(leaf.group);
    else if ('role' in leaf) found.roles.push(leaf.role);
    else if ('people' in leaf) people = [...people, ...leaf.people];
    else if (!('area' in leaf)) return null;
  }
  return { ...found, people };
}
