/** What somebody is drawing, kept on the device while they do, until it is saved or thrown away. Sealed and wiped as everything of theirs. */
import type { Drawn } from '../../map/shape';
import { keep, kept } from '../../offline/snapshot';
import type { Numbers } from './store';

/** The form of a geofence. `drawn` as the API writes shapes, so that later apps can read it. */
export interface Facts {
  name: string;
  site_id: string | null;
  counts_as_work: boolean;
  policy: Numbers;
  everyone: boolean;
  group_ids: readonly string[];
}
export interface FenceDraft {
  facts: Facts;
  drawn: Drawn | null;
  /** The version that was on the screen, for If-Match; null for a new one. */
  etag: string | null;
  /** The write in the outbox that this goes on with. */
  key: string | null;
  kept_ms: number;
}

const nameOf = (id: string | null) => `fence-draft/${id ?? 'new'}`;

export const draftOf = (id: string | null): Promise<FenceDraft | null> => kept<FenceDraft>(nameOf(id));
export const keepDraft = (id: string | null, draft: FenceDraft): Promise<void> => keep(nameOf(id), draft);
export const dropDraft = (id: string | null): Promise<void> => keep(nameOf(id), null);
