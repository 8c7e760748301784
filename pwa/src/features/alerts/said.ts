import { formatList } from '../../i18n';
import { currentFences } from '../../map/fences';
import type { Chosen } from '../../messaging/target';
import { common, groups, nameOf, sites } from '../../people';
import { t } from './words';

/** Who it is for, in words: `Kantoor Kade and BHV`. */
export function saidOf(chosen: Chosen): string {
  const words = t();
  const called = (known: readonly { id: string; name: string }[] | null | undefined, ids: readonly string[]) =>
    ids.map((id) => known?.find((one) => one.id === id)?.name ?? '…');
  const any = formatList([
    ...(chosen.on_site ? [words.onSite] : []),
    ...(chosen.visitors ? [words.visitors] : []),
    ...called(currentFences().value.value?.lines, chosen.fences),
    ...called(groups().value.value, chosen.groups),
    ...called(sites().value.value, chosen.sites),
    ...chosen.roles.map((role) => common().roles[role] ?? role),
    ...chosen.people.map((id) => nameOf(id) || '…'),
    ...(chosen.area ? [words.drawnArea] : []),
  ]);
  return [
    any,
    ...(chosen.only_on_site ? [words.onlyOnSite] : []),
    ...(chosen.except_groups.length > 0 ? [words.except(formatList(called(groups().value.value, chosen.except_groups)))] : []),
  ].join(', ');
}
