import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { explain } from '../../api';
import type { ScreenProps } from '../../app/router';
import { may } from '../../app/session';
import { formatDateTime } from '../../i18n';
import { currentFences, drawnFences, MapView } from '../../map';
import { shapeOf } from '../../map/shape';
import { formatArea, formatMetres } from '../../map/units';
import { whenAccepted } from '../../offline/outbox';
import { Button, ButtonLink, ErrorState, type Explained, Facts, FormProblem, Notice, Page, Section, Skeleton, toast } from '../../ui';
import { AssignDialog, assignedWords } from './assigned';
import { History } from './history';
import { Meets } from './meets';
import { ruleSentences } from './rule-words';
import { openChange } from './saving';
import { shapeKind } from './shape-words';
import { type Fence, fence, groups, restore, retire, retiredFences, rules, sites, type Version, versions } from './store';
import { t } from './words';
import './geofences.css';

/** Everything that shows this fence. */
function reload(id: string): void {
  for (const one of [fence(id), versions(id), currentFences(), retiredFences()]) void one.refresh();
}

function Rules({ shown }: { shown: Fence }) {
  const own = Object.keys(shown.policy).length;
  const effective = { ...rules().value.value?.effective, ...shown.policy };
  const words = t().rules;
  return (
    <Section title={words.title} about={words.about}>
      {rules().value.value ? (
        <ul class="plain-list">
          {ruleSentences(effective).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      ) : (
        <Skeleton lines={5} />
      )}
      <p class="muted small">{own ? words.own(own) : words.noneOwn}</p>
    </Section>
  );
}

function FenceFacts({ shown }: { shown: Fence }) {
  const words = t().facts;
  const shape = useMemo(() => shapeOf(shown), [shown]);
  return (
    <Section title={words.title}>
      <Facts
        of={[
          [words.shape, shapeKind(shape)],
          [words.area, formatArea(shown.area_m2)],
          [words.site, sites().value.value?.find((site) => site.id === shown.site_id)?.name],
          [words.work, shown.counts_as_work ? words.yes : words.no],
          [words.since, formatDateTime(shown.valid_from)],
          [words.version, String(shown.version)],
          [words.number, String(shown.number)],
          [words.watched, words.watchedCircle(formatMetres(shown.cover.radius_m))],
        ]}
      />
      {shown.warnings.map((warning) => (
        <Notice key={warning.code} tone="warn">
          {t().warning[warning.code] ?? warning.message}
        </Notice>
      ))}
    </Section>
  );
}

/** Out of use and back again; each can be undone at once. */
function useRetiring(id: string, trouble: { value: Explained | null }) {
  const change = async (what: typeof retire, back: typeof retire, etag: string, done: (name: string) => string) => {
    trouble.value = null;
    try {
      const { value, etag: next } = await what(id, etag);
      toast(done(value.name), {
        label: t().undo,
        run: () => void change(back, what, next, what === retire ? t().restoredDone : t().retiredDone),
      });
    } catch (error) {
      trouble.value = explain(error);
    }
    reload(id);
  };
  return {
    retire: (etag: string) => change(retire, restore, etag, t().retiredDone),
    restore: (etag: string) => change(restore, retire, etag, t().restoredDone),
  };
}

function Head({ shown, etag, trouble }: { shown: Fence; etag: string; trouble: { value: Explained | null } }) {
  const words = t();
  const doing = useRetiring(shown.id, trouble);
  if (!may('fence.edit', 'all')) return null;
  if (shown.retired_at) {
    return (
      <Button icon="undo" onClick={() => void doing.restore(etag)}>
        {words.restore}
      </Button>
    );
  }
  return (
    <>
      <Button onClick={() => void doing.retire(etag)}>{words.retire}</Button>
      <ButtonLink look="primary" icon="edit" href={`/geofences/${shown.id}/edit`}>
        {words.edit}
      </ButtonLink>
    </>
  );
}

/** One geofence: where it is, for whom, by which rules, what it meets, and what it was before. */
export default function Detail({ params }: ScreenProps) {
  const id = params['fence_id'] ?? '';
  const asked = fence(id);
  const looked = useSignal<Version | null>(null);
  const assigning = useSignal(false);
  const trouble = useSignal<Explained | null>(null);
  useEffect(() => {
    for (const one of [asked, currentFences(), rules(), sites(), groups()]) void one.open();
    return whenAccepted(['fence_edit'], () => reload(id));
  }, [id]);

  const shown = asked.value.value;
  const found = currentFences().value.value;
  const others = useMemo(() => drawnFences(found).filter((one) => one.id !== id), [found, id]);
  const shape = useMemo(() => (looked.value ? shapeOf(looked.value) : shown && shapeOf(shown)), [shown, looked.value]);
  const onMap = useMemo(
    () =>
      shape && shown ? [...others.map((one) => ({ ...one, quiet: true })), { id, name: looked.value?.name ?? shown.name, shape }] : [],
    [others, shape],
  );
  const focus = useMemo(() => (shape ? [shape] : []), [shape]);
  const words = t();
  const back = { href: '/geofences', label: words.back };
  if (!shown || !shape) {
    return (
      <Page title={words.title} back={back} wide>
        {asked.failure.value ? (
          <ErrorState explained={explain(asked.failure.value)} onRetry={() => void asked.refresh()} />
        ) : (
          <Skeleton lines={8} />
        )}
      </Page>
    );
  }
  const etag = asked.etag.value ?? '';
  const mayEdit = may('fence.edit', 'all');
  const waiting = openChange(id);
  return (
    <Page
      title={shown.name}
      about={assignedWords(shown.assigned)}
      back={back}
      busy={asked.loading.value}
      wide
      actions={<Head {...{ shown, etag, trouble }} />}
    >
      <FormProblem explained={trouble.value} />
      {shown.retired_at && <Notice tone="warn">{words.retiredSince(formatDateTime(shown.retired_at))}</Notice>}
      {waiting && (
        <Notice
          tone={waiting.state === 'waiting' ? 'info' : 'warn'}
          actions={<ButtonLink href={`/geofences/${id}/edit`}>{words.open}</ButtonLink>}
        >
          {waiting.state === 'waiting' || waiting.state === 'sending' ? words.waiting(1) : words.troubled}
        </Notice>
      )}
      <div class="beside-map">
        <div class="stack">
          <FenceFacts shown={shown} />
          <Section
            title={words.assigned.title}
            actions={mayEdit && !shown.retired_at && <Button onClick={() => (assigning.value = true)}>{words.assigned.change}</Button>}
          >
            <p>{assignedWords(shown.assigned)}</p>
          </Section>
          <Rules shown={shown} />
          {mayEdit && (
            <Section title={words.meets.title}>
              <Meets shape={shapeOf(shown)} others={others} onRepair={() => undefined} />
            </Section>
          )}
          <History id={id} looked={looked} />
        </div>
        <div class="map-side">
          <MapView label={words.mapOfOne(shown.name)} fences={onMap} selected={id} focus={focus} />
        </div>
      </div>
      {assigning.value && <AssignDialog fence={shown} etag={etag} onClose={() => (assigning.value = false)} onDone={() => reload(id)} />}
    </Page>
  );
}
