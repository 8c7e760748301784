/**
 * Draw a new geofence, or change one.
 *
 * 1. It begins with what was not saved last time (a draft, or a write that waits or was refused), else with what holds, else with nothing.
 * 2. Whatever is done is kept on the device a moment later, until it is saved or thrown away.
 * 3. Saving goes through the outbox (`saving.ts`). Somebody was faster: both versions are shown, and nothing is lost.
 */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { explain } from '../../api';
import { at } from '../../app/router';
import type { ScreenProps } from '../../app/router';
import { currentFences } from '../../map';
import { shapeOf } from '../../map/shape';
import { entries, type Entry } from '../../offline/outbox';
import type { Snapshot } from '../../offline/snapshot';
import { Empty, ErrorState, Page, Skeleton } from '../../ui';
import { draftOf, type FenceDraft } from './drafts';
import { DrawForm, type Start } from './draw-form';
import { openChange } from './saving';
import { type Fence, fence, rules, sites } from './store';
import { t } from './words';
import './geofences.css';

const PATIENCE_MS = 3_000;
const EMPTY = { name: '', site_id: null, counts_as_work: true, policy: {}, everyone: true, group_ids: [] };

const factsOf = ({ name, site_id, counts_as_work, policy, assigned }: Fence) => ({ name, site_id, counts_as_work, policy, ...assigned });

/** What a write in the outbox holds, as a draft. Which version it was drawn upon stays with the write. */
function draftFrom({ body, key, made_ms }: Entry): FenceDraft | null {
  if (!body) return null;
  const { geometry, radius_m, assigned, ...facts } = body as unknown as FenceDraft['facts'] &
    FenceDraft['drawn'] & { assigned?: FenceDraft['facts'] };
  return { facts: { ...EMPTY, ...facts, ...assigned }, drawn: { geometry, radius_m: radius_m ?? null }, etag: null, key, kept_ms: made_ms };
}

function startOf(id: string | null, now: Fence | null, etag: string | null, draft: FenceDraft | null): Start {
  const original = now ? shapeOf(now) : null;
  if (!draft)
    return { id, facts: now ? factsOf(now) : EMPTY, shape: original, original, etag, key: null, goesOn_ms: null, isBehind: false };
  const { facts, drawn, key, kept_ms } = draft;
  const isBehind = id !== null && draft.etag !== null && etag !== null && draft.etag !== etag;
  return { id, facts, shape: drawn && shapeOf(drawn), original, etag: draft.etag, key, goesOn_ms: kept_ms, isBehind };
}

/** Until the server has answered; after a while what was kept will do, should there be any. */
async function opened(asked: Snapshot<Fence>): Promise<void> {
  const asking = asked.open();
  await Promise.race([asking, new Promise((done) => setTimeout(done, PATIENCE_MS))]);
  if (!asked.value.peek()) await asking;
}

export default function Draw({ params }: ScreenProps) {
  const id = params['fence_id'] ?? null;
  const start = useSignal<Start | null>(null);
  const now = id === null ? null : fence(id);

  const begin = async (fresh: boolean) => {
    start.value = null;
    if (now) await opened(now);
    const key = at.peek().query.get('write');
    const waiting = id === null ? (entries.peek().find((entry) => entry.key === key) ?? null) : openChange(id);
    const draft = fresh ? null : ((await draftOf(id)) ?? (waiting && draftFrom(waiting)));
    if (now && !now.value.peek() && !draft) return;
    start.value = startOf(id, now?.value.peek() ?? null, now?.etag.peek() ?? null, draft);
  };
  useEffect(() => {
    void currentFences().open();
    void sites().open();
    void rules().open();
    void begin(false);
  }, [id]);

  const title = id === null ? t().newTitle : t().editTitle(now?.value.value?.name ?? '');
  const back =
    id === null ? { href: '/geofences', label: t().back } : { href: `/geofences/${id}`, label: now?.value.value?.name ?? t().back };
  if (now?.failure.value && !now.value.value && !start.value) {
    return (
      <Page title={title} back={back}>
        <ErrorState explained={explain(now.failure.value)} onRetry={() => void begin(false)} />
      </Page>
    );
  }
  if (now?.value.value?.retired_at) {
    return (
      <Page title={title} back={back}>
        <Empty icon="map" title={t().retired}>
          {t().retiredNoEdit}
        </Empty>
      </Page>
    );
  }
  return (
    <Page title={title} back={back} wide>
      {start.value ? <DrawForm key={start.value.goesOn_ms} start={start.value} onAgain={() => void begin(true)} /> : <Skeleton lines={8} />}
    </Page>
  );
}
