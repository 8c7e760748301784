/** What the presence screen shows, made from the server's answer and kept up with its news. Pure. */
import type { components } from '../../api';
import type { News } from '../../live/stream';

export type Presence = components['schemas']['PresenceOut'];
export type Standing = 'inside' | 'unknown' | 'assumed_left';

/** How somebody stands to one fence. `unknown_since`: their last sign of life, when it is too long ago to say inside. */
export interface Place {
  fence_id: string;
  fence: string;
  standing: Standing;
  since: string;
  unknown_since: string | null;
}
export interface PersonRow {
  person_id: string;
  name: string;
  places: readonly Place[];
}

const RANK: Record<Standing, number> = { inside: 0, unknown: 1, assumed_left: 2 };

/** One row for each person, by name; in several fences at once they stay one row, the surest first. */
export function peopleOf(presence: Presence): PersonRow[] {
  const rows = new Map<string, { person_id: string; name: string; places: Place[] }>();
  for (const { fence_id, name: fence, people } of presence.fences) {
    for (const { person_id, name, standing, since, unknown_since } of people) {
      const row = rows.get(person_id) ?? { person_id, name, places: [] };
      row.places.push({ fence_id, fence, standing, since, unknown_since: unknown_since ?? null });
      rows.set(person_id, row);
    }
  }
  for (const row of rows.values()) row.places.sort((a, b) => RANK[a.standing] - RANK[b.standing] || (a.since < b.since ? -1 : 1));
  return [...rows.values()];
}

export interface Wanted {
  text: string;
  fence_id: string;
  standing: Standing | '';
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** The rows that were asked for, each with the places that were asked for. */
export function filtered(rows: readonly PersonRow[], { text, fence_id, standing }: Wanted): PersonRow[] {
  const words = plain(text).split(/\s+/).filter(Boolean);
  const isWanted = (place: Place) => (!fence_id || place.fence_id === fence_id) && (!standing || place.standing === standing);
  return rows.flatMap((row) => {
    const places = fence_id || standing ? row.places.filter(isWanted) : row.places;
    const name = words.length ? plain(row.name) : '';
    return places.length && words.every((word) => name.includes(word)) ? [{ ...row, places }] : [];
  });
}

/** How many people stand how; somebody in two fences counts once, as they stand best. */
export function counted(rows: readonly PersonRow[]): Record<Standing, number> {
  const counts = { inside: 0, unknown: 0, assumed_left: 0 };
  for (const row of rows) if (row.places[0]) counts[row.places[0].standing] += 1;
  return counts;
}

/** The answer with one piece of news in it; null: the server must be asked, as the news says too little. */
export function withNews(presence: Presence, { person_id, body }: News): Presence | null {
  const { fence, standing, entered_ms } = body;
  const at = presence.fences.findIndex((one) => one.fence_id === fence);
  const there = presence.fences[at];
  if (!there || (standing !== 'inside' && standing !== 'left' && standing !== 'assumed_left')) return null;
  const known = there.people.find((one) => one.person_id === person_id);
  const name = known?.name ?? presence.fences.flatMap((one) => one.people).find((one) => one.person_id === person_id)?.name;
  const others = there.people.filter((one) => one !== known);
  if (standing === 'inside' && (!person_id || !name || typeof entered_ms !== 'number')) return null;
  const entered = { person_id: person_id ?? '', name: name ?? '', standing: 'inside' as const, unknown_since: null };
  const people = standing === 'inside' ? [...others, { ...entered, since: new Date(entered_ms as number).toISOString() }] : others;
  const count = (wanted: Standing) => people.filter((one) => one.standing === wanted).length;
  const changed = { ...there, people, inside: count('inside'), unknown: count('unknown'), assumed_left: count('assumed_left') };
  return { ...presence, fences: presence.fences.toSpliced(at, 1, changed) };
}
