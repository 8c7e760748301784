/** Where an alert can go, as large choices: everyone on site, geofences by site, groups. */
import type { Target } from '../../api/messaging-types';
import { byName } from '../../i18n';
import { currentFences, drawnFences } from '../../map';
import { type Chosen, nobody, toggled } from '../../messaging/target';
import { groups, sites } from '../../people';
import type { IconName } from '../../ui';
import { countOf } from './counts';

export interface Place {
  key: string;
  icon: IconName;
  name: string;
  /** Its site, for a geofence. */
  more: string | null;
  /** Null: not known (yet). */
  people: number | null;
  target: Target;
  isIn: (chosen: Chosen) => boolean;
  toggle: (chosen: Chosen) => Chosen;
}

export const onSite = (name: string): Place => ({
  key: 'on_site',
  icon: 'group',
  name,
  more: null,
  people: countOf({ on_site: true }),
  target: { on_site: true },
  isIn: (chosen) => chosen.on_site,
  toggle: (chosen) => ({ ...chosen, on_site: !chosen.on_site }),
});

export function fencePlaces(): Place[] {
  const names = new Map((sites().value.value ?? []).map((site) => [site.id, site.name]));
  const lines = (currentFences().value.value?.lines ?? []).filter((fence) => !fence.retired_at);
  return lines.toSorted(byName((fence) => `${names.get(fence.site_id ?? '') ?? '~'} ${fence.name}`)).map(({ id, name, site_id }) => ({
    key: `fence ${id}`,
    icon: 'pin',
    name,
    more: names.get(site_id ?? '') ?? null,
    people: countOf({ fence: id }),
    target: { fence: id },
    isIn: (chosen) => chosen.fences.includes(id),
    toggle: (chosen) => toggled(chosen, 'fences', id),
  }));
}

export function groupPlaces(): Place[] {
  const known = (groups().value.value ?? []).filter((group) => !group.retired_at);
  return known.toSorted(byName((group) => group.name)).map(({ id, name, people }) => ({
    key: `group ${id}`,
    icon: 'group',
    name,
    more: null,
    people: countOf({ group: id }) ?? people,
    target: { group: id },
    isIn: (chosen) => chosen.groups.includes(id),
    toggle: (chosen) => toggled(chosen, 'groups', id),
  }));
}

/** The geofences on a map; the chosen ones stand out, the others are quiet. */
export const fencesOnMap = (chosen: Chosen) =>
  drawnFences(currentFences().value.value).map((fence) => {
    const people = countOf({ fence: fence.id });
    const isChosen = chosen.fences.includes(fence.id);
    return { ...fence, quiet: !isChosen, figures: [isChosen ? '✓' : '', people ?? ''].join(' ').trim() };
  });

/** Nothing but this place. */
export const alone = (place: Place): Chosen => place.toggle(nobody);
