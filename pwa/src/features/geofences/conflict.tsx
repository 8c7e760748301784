/** Somebody was faster: both versions side by side, on a map and in words, and a choice. */
import { useEffect, useMemo } from 'preact/hooks';
import { formatDateTime, formatList } from '../../i18n';
import { MapView } from '../../map';
import { type Shape, sameShape, shapeOf } from '../../map/shape';
import { Button, Dialog, Skeleton } from '../../ui';
import type { Facts } from './drafts';
import { shapeWords } from './shape-words';
import { ruleValue } from './rule-words';
import { fence, type Numbers, sites, versions } from './store';
import { t } from './words';

interface ConflictProps {
  id: string;
  facts: Facts;
  shape: Shape;
  /** Save mine on top of the version with this ETag. */
  onMine: (etag: string) => void;
  onTheirs: () => void;
  /** Go on editing, now beside the version with this ETag. */
  onGoOn: (etag: string) => void;
}

const rulesOf = (policy: Numbers) => {
  const names = t().rules as unknown as Record<string, string>;
  const own = Object.entries(policy).map(([name, value]) => `${names[name] ?? name} ${ruleValue(name, value)}`);
  return own.length ? formatList(own) : t().conflict.noRules;
};

export function Conflict({ id, facts, shape, onMine, onTheirs, onGoOn }: ConflictProps) {
  const theirs = fence(id);
  const past = versions(id);
  useEffect(() => {
    void theirs.refresh();
    void past.refresh();
    void sites().open();
  }, [id]);
  const words = t().conflict;
  const now = theirs.value.value;
  const etag = theirs.etag.value;
  const fences = useMemo(
    () =>
      now
        ? [
            { id: 'theirs', name: words.theirs, shape: shapeOf(now), quiet: true },
            { id: 'mine', name: words.mine, shape },
          ]
        : [],
    [now, shape],
  );
  if (!now || etag === null) {
    return (
      <Dialog title={words.title} onClose={() => undefined} firm>
        <Skeleton />
      </Dialog>
    );
  }
  const last = past.value.value?.items[0];
  const site = (site_id: string | null) => sites().value.value?.find((one) => one.id === site_id)?.name ?? t().noSite;
  const yes = (counts: boolean) => (counts ? t().facts.yes : t().facts.no);
  const rows = [
    [words.name, facts.name.trim(), now.name],
    [words.shape, shapeWords(shape), shapeWords(shapeOf(now)), !sameShape(shape, shapeOf(now))],
    [words.site, site(facts.site_id), site(now.site_id)],
    [words.rules, rulesOf(facts.policy), rulesOf(now.policy)],
    [words.work, yes(facts.counts_as_work), yes(now.counts_as_work)],
  ] as const;
  const different = rows.filter(([, mine, their, differs]) => differs ?? mine !== their);
  return (
    <Dialog
      title={words.title}
      onClose={() => onGoOn(etag)}
      actions={
        <>
          <Button onClick={() => onGoOn(etag)}>{words.goOn}</Button>
          <Button onClick={onTheirs}>{words.takeTheirs}</Button>
          <Button look="primary" onClick={() => onMine(etag)}>
            {words.keepMine}
          </Button>
        </>
      }
    >
      <p>{words.text(last?.changed_by ?? words.somebody, formatDateTime(now.valid_from))}</p>
      <div class="map-in-dialog">
        <MapView label={words.map} fences={fences} selected="mine" />
      </div>
      {different.length === 0 ? (
        <p>{words.same}</p>
      ) : (
        <table class="versus">
          <thead>
            <tr>
              <th scope="col">{words.what}</th>
              <th scope="col">{words.mine}</th>
              <th scope="col">{words.theirs}</th>
            </tr>
          </thead>
          <tbody>
            {different.map(([what, mine, their]) => (
              <tr key={what}>
                <th scope="row">{what}</th>
                <td>{mine}</td>
                <td>{their}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}
