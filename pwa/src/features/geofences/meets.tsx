/** Which other geofences a shape meets: at once as this device reckons, then as the server says, with its warnings and what it would repair. */
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { explain, isFailure } from '../../api';
import { inOurWords } from '../../api/server-words';
import { may } from '../../app/session';
import type { DrawnFence } from '../../map';
import { relation } from '../../map/meet';
import { type Shape, shapeOf } from '../../map/shape';
import { formatArea } from '../../map/units';
import { Button, Notice } from '../../ui';
import { type Draft, judged, type Overlap, presence } from './store';
import { t } from './words';

const PAUSE_MS = 500;

type Meeting = Pick<Overlap, 'id' | 'name' | 'relation'> & { shared_m2: number | null };

function reckoned(shape: Shape, fences: readonly DrawnFence[]): Meeting[] {
  return fences.flatMap(({ id, name, shape: theirs }) => {
    const found = relation(shape, theirs);
    return found ? [{ id, name, relation: found, shared_m2: null }] : [];
  });
}

/** The server's word on a shape that stands still; null while there is none. */
function useJudged(shape: Shape | null) {
  const said = useSignal<{ shape: string; draft: Draft | null; failed: boolean } | null>(null);
  const key = shape && JSON.stringify(shape);
  useEffect(() => {
    if (!shape || !key) return;
    const later = setTimeout(() => {
      void judged(shape).then(
        (draft) => (said.value = { shape: key, draft, failed: false }),
        (error: unknown) => {
          if (!isFailure(error)) throw error;
          said.value = { shape: key, draft: null, failed: true };
        },
      );
    }, PAUSE_MS);
    return () => clearTimeout(later);
  }, [key]);
  return said.value?.shape === key ? said.value : null;
}

/** How many people are in these fences now; only when asked, because whoever looks leaves a trace. */
function Count({ ids }: { ids: readonly string[] }) {
  const counted = useSignal<string | null>(null);
  const wrong = useSignal<string | null>(null);
  const key = ids.join();
  useEffect(() => {
    counted.value = null;
  }, [key]);
  if (ids.length === 0 || !may('presence.read', 'all')) return null;
  const count = async () => {
    wrong.value = null;
    try {
      const met = (await presence()).fences.filter((one) => ids.includes(one.fence_id)).flatMap((one) => one.people);
      const of = (standing: string) => new Set(met.filter((one) => one.standing === standing).map((one) => one.person_id));
      const inside = of('inside');
      counted.value = t().meets.counted(inside.size, [...of('unknown')].filter((id) => !inside.has(id)).length);
    } catch (error) {
      const { title, next } = explain(error);
      wrong.value = `${title}. ${next}`;
    }
  };
  return (
    <div class="stack tight" aria-live="polite">
      {counted.value ? (
        <p>
          <strong>{counted.value}</strong>
        </p>
      ) : (
        <>
          <div class="actions start">
            <Button icon="group" onClick={() => void count()}>
              {t().meets.count}
            </Button>
          </div>
          <p class="hint">{t().meets.countAbout}</p>
        </>
      )}
      {wrong.value && <p class="error">{wrong.value}</p>}
    </div>
  );
}

interface MeetsProps {
  /** Null: nothing, or nothing right, is drawn. */
  shape: Shape | null;
  wrong?: boolean;
  /** The fences in use but this one. */
  others: readonly DrawnFence[];
  /** Take the shape that the server offers in place of a wrong one. */
  onRepair: (shape: Shape) => void;
}

export function Meets({ shape, wrong = false, others, onRepair }: MeetsProps) {
  const said = useJudged(shape);
  const own = useMemo(() => (shape ? reckoned(shape, others) : []), [shape, others]);
  const words = t().meets;
  if (!shape) return <p class="muted">{wrong ? words.mendFirst : words.drawFirst}</p>;
  const known = new Set(others.map((fence) => fence.id));
  const draft = said?.draft ?? null;
  const found: readonly Meeting[] = draft && draft.problems.length === 0 ? draft.overlaps.filter((one) => known.has(one.id)) : own;
  const repaired = draft?.repaired;
  return (
    <div class="stack">
      {draft?.problems.map((problem) => (
        <Notice key={problem.code} tone="bad">
          {t().problem[problem.code] ?? inOurWords(problem.message)}
        </Notice>
      ))}
      {repaired && (
        <Notice
          title={t().repaired.title}
          actions={<Button onClick={() => onRepair(shapeOf({ geometry: repaired, radius_m: null }))}>{t().repaired.action}</Button>}
        >
          {t().repaired.text}
        </Notice>
      )}
      {draft?.warnings.map((warning) => (
        <Notice key={warning.code} tone="warn">
          {t().warning[warning.code] ?? warning.message}
        </Notice>
      ))}
      {found.length === 0 ? (
        <p class="muted">{words.none}</p>
      ) : (
        <ul class="plain-list">
          {found.map((one) => (
            <li key={one.id}>
              {(words.relation[one.relation] ?? ((name: string) => name))(one.name)}
              {one.shared_m2 !== null && one.shared_m2 > 0 && <span class="muted"> · {words.shared(formatArea(one.shared_m2))}</span>}
            </li>
          ))}
        </ul>
      )}
      {said?.failed && <p class="hint">{words.offline}</p>}
      <Count ids={found.map((one) => one.id)} />
    </div>
  );
}
