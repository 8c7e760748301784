import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { explain } from '../../api';
import { navigate } from '../../app/router';
import { formatDateTime } from '../../i18n';
import { basemapNow } from '../../map/basemap';
import { currentFences, drawnFences } from '../../map';
import { Editor, Numbers, ShapeEditor } from '../../map/edit';
import { t as drawingWords } from '../../map/edit/words';
import { drawnOf, type Shape } from '../../map/shape';
import { discard, entries, StorageFull } from '../../offline/outbox';
import { Button, Checkbox, type Explained, FormProblem, Notice, Section, Select, TextField, toast } from '../../ui';
import { AssignedFields } from './assigned';
import { Conflict } from './conflict';
import { dropDraft, type Facts, keepDraft } from './drafts';
import { Meets } from './meets';
import { RulesForm } from './rules-form';
import { type Outcome, save } from './saving';
import { fence, sites, versions } from './store';
import { t } from './words';

export interface Start {
  id: string | null;
  facts: Facts;
  shape: Shape | null;
  /** The shape that holds. */
  original: Shape | null;
  etag: string | null;
  key: string | null;
  /** When what this goes on with was kept; null: it begins afresh. */
  goesOn_ms: number | null;
  /** Another version holds by now than the one that was drawn upon. */
  isBehind: boolean;
}

const PAUSE_MS = 400;
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** This goes on with a write that came too late: then there is something to choose first. */
const clashOf = (key: string | null): Outcome | null =>
  key !== null && entries.peek().some((entry) => entry.key === key && entry.state === 'conflict') ? { is: 'conflict', key } : null;

/** Keep the draft a moment after each change. `isKept`: all that stands on the screen is kept. */
function useKeeping(start: Start, editor: Editor, facts: { value: Facts }, etag: { value: string | null }, key: { value: string | null }) {
  const done = useRef(false);
  const isKept = useSignal(false);
  useSignalEffect(() => {
    isKept.value = false;
    const shape = editor.shape.value;
    const draft = { facts: facts.value, drawn: shape && drawnOf(shape), etag: etag.value, key: key.value, kept_ms: Date.now() };
    const isTouched = editor.canUndo.value || editor.isChanged.value || !same(draft.facts, start.facts);
    if (!isTouched) return;
    let isOutdated = false;
    const later = setTimeout(() => {
      if (done.current) return;
      const keeping = keepDraft(start.id, draft).then(() => true);
      void keeping.catch(() => false).then((isWell) => (isKept.value = isWell && !isOutdated));
    }, PAUSE_MS);
    return () => {
      isOutdated = true;
      clearTimeout(later);
    };
  });
  const forget = () => {
    done.current = true;
    return dropDraft(start.id);
  };
  return { forget, isKept };
}

export function DrawForm({ start, onAgain }: { start: Start; onAgain: () => void }) {
  const { id } = start;
  const words = t();
  const editor = useMemo(() => {
    const made = new Editor();
    made.open(start.shape, start.original);
    return made;
  }, []);
  const facts = useSignal<Facts>(start.facts);
  const etag = useSignal(start.etag);
  const key = useSignal(start.key);
  const busy = useSignal(false);
  const outcome = useSignal<Outcome | null>(clashOf(start.key));
  const trouble = useSignal<Explained | null>(null);
  const missing = useSignal(false);
  const form = useRef<HTMLDivElement>(null);
  const { forget, isKept } = useKeeping(start, editor, facts, etag, key);

  const found = currentFences().value.value;
  const others = useMemo(() => drawnFences(found).filter((one) => one.id !== id), [found, id]);
  const quiet = useMemo(() => others.map((one) => ({ ...one, quiet: true })), [others]);
  const focus = useMemo(() => (start.shape ? [start.shape] : undefined), []);
  const change = (part: Partial<Facts>) => (facts.value = { ...facts.value, ...part });
  const errors = outcome.value?.is === 'refused' ? explain(outcome.value.failure).fields : new Map<string, string>();
  const fault = editor.fault.value;

  useEffect(() => {
    if (trouble.value || missing.value) form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]')?.focus();
  }, [trouble.value, missing.value]);

  const send = async (with_etag: string | null) => {
    const shape = editor.shape.value;
    missing.value = facts.value.name.trim() === '' || fault !== null;
    if (busy.value || missing.value || !shape) return;
    busy.value = true;
    trouble.value = null;
    try {
      const result = await save({ id, facts: facts.value, shape, etag: with_etag }, key.value);
      outcome.value = result;
      if (result.is === 'saved') await leave(words.saved(facts.value.name), result.fence?.id ?? id);
      else if (result.is === 'kept') await leave(result.signIn ? words.signIn : words.savedHere(facts.value.name), null);
      else {
        key.value = result.key;
        if (result.is === 'refused') trouble.value = explain(result.failure);
      }
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      trouble.value = { title: words.storageFull, next: '', code: null };
    } finally {
      busy.value = false;
    }
  };

  const leave = async (said: string, to: string | null) => {
    await forget();
    void currentFences().refresh();
    if (to) void fence(to).refresh();
    if (to) void versions(to).refresh();
    toast(said);
    navigate(to ? `/geofences/${to}` : '/geofences', { replace: true });
  };

  const startAgain = async () => {
    if (key.value) await discard(key.value);
    await forget();
    onAgain();
  };

  const isSame = id !== null && !editor.isChanged.value && same(facts.value, start.facts) && start.goesOn_ms === null;
  return (
    <div class="draw-form" ref={form}>
      <div class="draw-map">
        {start.goesOn_ms !== null && (
          <Notice
            actions={
              <Button icon="undo" onClick={() => void startAgain()}>
                {id === null ? words.startEmpty : words.startAgain}
              </Button>
            }
          >
            {words.draftOf(formatDateTime(start.goesOn_ms))} {start.isBehind && words.draftBehind}
          </Notice>
        )}
        <ShapeEditor editor={editor} label={words.mapOfDrawing} others={quiet} {...(focus && { focus })} />
        {basemapNow.value?.overview && <Notice>{words.overviewOnly}</Notice>}
      </div>
      <div class="stack draw-side">
        <FormProblem explained={trouble.value} />
        <Section title={words.details}>
          <TextField
            name="name"
            label={words.name}
            hint={words.nameHint}
            required
            maxLength={200}
            value={facts.value.name}
            onValue={(name) => change({ name })}
            error={errors.get('name') ?? (missing.value && facts.value.name.trim() === '' ? words.nameMissing : undefined)}
          />
          {(sites().value.value?.length ?? 0) > 0 && (
            <Select
              name="site_id"
              required={false}
              label={words.site}
              value={facts.value.site_id ?? ''}
              options={[
                { value: '', label: words.noSite },
                ...(sites().value.value ?? [])
                  .filter((site) => site.retired_at === null || site.id === facts.value.site_id)
                  .map((site) => ({ value: site.id, label: site.name })),
              ]}
              onValue={(site_id) => change({ site_id: site_id || null })}
              error={errors.get('site_id')}
            />
          )}
          <Checkbox
            name="counts_as_work"
            label={words.countsAsWork}
            hint={words.countsAsWorkHint}
            value={facts.value.counts_as_work}
            onValue={(counts_as_work) => change({ counts_as_work })}
          />
        </Section>
        <Section title={words.meets.title}>
          <Meets
            shape={fault ? null : editor.shape.value}
            wrong={fault !== null && fault.code !== 'empty'}
            others={others}
            onRepair={(shape) => editor.replace(shape)}
          />
        </Section>
        <details class="section">
          <summary>{words.coordinates}</summary>
          <Numbers editor={editor} />
        </details>
        {id === null && (
          <details class="section">
            <summary>{words.assigned.title}</summary>
            <AssignedFields value={facts.value} onValue={(value) => change(value)} />
          </details>
        )}
        <details class="section">
          <summary>{words.rules.title}</summary>
          <RulesForm value={facts.value.policy} onValue={(policy) => change({ policy })} errors={ruleErrors(errors)} />
        </details>
        <div class="save-bar">
          {missing.value && fault && (
            <p class="error" role="alert" tabIndex={-1}>
              {drawingWords().fault[fault.code]}
            </p>
          )}
          <Button look="primary" wide busy={busy.value} disabled={isSame} onClick={() => void send(etag.value)}>
            {words.save}
          </Button>
          <p class="hint">{isSame ? words.noChange : words.validFrom}</p>
          <div role="status">{isKept.value && !isSame && <p class="hint">{words.draftKept}</p>}</div>
        </div>
      </div>
      {outcome.value?.is === 'conflict' && id !== null && editor.shape.value && (
        <Conflict
          id={id}
          facts={facts.value}
          shape={editor.shape.value}
          onMine={(next) => {
            etag.value = next;
            outcome.value = null;
            void send(next);
          }}
          onTheirs={() => {
            if (key.value) void discard(key.value);
            void leave(words.conflict.theirs, id);
          }}
          onGoOn={(next) => {
            etag.value = next;
            outcome.value = null;
          }}
        />
      )}
    </div>
  );
}

/** `policy.leave_after_s` to `leave_after_s`. */
const ruleErrors = (errors: ReadonlyMap<string, string>) =>
  new Map([...errors].map(([field, said]) => [field.replace(/^policy\./, ''), said]));
