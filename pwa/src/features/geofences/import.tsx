import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { explain } from '../../api';
import { inOurWords } from '../../api/server-words';
import { navigate } from '../../app/router';
import { currentFences, drawnFences, type MapFence, MapView } from '../../map';
import { shapeOf } from '../../map/shape';
import { formatArea } from '../../map/units';
import { Button, Checkbox, type Explained, FormProblem, Notice, Page, Progress, Section, Select, Status, toast } from '../../ui';
import { type Draft, importFile, type Preview, previewFile, sites } from './store';
import { t } from './words';
import './geofences.css';

const ENDINGS = '.geojson,.json,.kml,.kmz,.gpx,.wkt,.txt,.zip';

const shapeIn = (draft: Draft) => {
  const geometry = draft.geometry ?? draft.repaired;
  return geometry && shapeOf({ geometry, radius_m: draft.geometry ? draft.radius_m : null });
};
const idOf = (draft: Draft) => `draft ${draft.index}`;

function DraftRow({
  draft,
  isTaken,
  onTake,
  chosen,
}: {
  draft: Draft;
  isTaken: boolean;
  onTake: (take: boolean) => void;
  chosen: { value: string | null };
}) {
  const words = t();
  const canTake = draft.geometry !== null || draft.repaired !== null;
  const isRepair = draft.geometry === null && canTake;
  return (
    <li
      class={chosen.value === idOf(draft) ? 'chosen' : undefined}
      onFocusCapture={() => (chosen.value = idOf(draft))}
      onMouseEnter={() => (chosen.value = idOf(draft))}
    >
      {canTake ? (
        <Checkbox label={isRepair ? words.takeRepaired(draft.name) : words.take(draft.name)} value={isTaken} onValue={onTake} />
      ) : (
        <p>
          <strong>{draft.name}</strong> <Status tone="bad">{words.cannot}</Status>
        </p>
      )}
      <div class="draft-notes small">
        {draft.area_m2 !== null && <p class="muted">{formatArea(draft.area_m2)}</p>}
        {draft.problems.map((problem) => (
          <p key={problem.code} class={isRepair ? 'muted' : 'error'}>
            {words.problem[problem.code] ?? inOurWords(problem.message)}
          </p>
        ))}
        {draft.warnings.map((warning) => (
          <p key={warning.code}>
            {words.notePrefix} {words.warning[warning.code] ?? warning.message}
          </p>
        ))}
        {draft.notes.map((note) => (
          <p key={note} class="muted">
            {inOurWords(note)}
          </p>
        ))}
        {draft.overlaps.map((one) => (
          <p key={one.id} class="muted">
            {(words.meets.relation[one.relation] ?? ((name: string) => name))(one.name)}
          </p>
        ))}
      </div>
    </li>
  );
}

interface Looked {
  file: File;
  preview: Preview;
}

function Found({ looked, onDone }: { looked: Looked; onDone: (count: number) => void }) {
  const { file, preview } = looked;
  const whole = preview.drafts.filter((draft) => draft.geometry !== null).map((draft) => draft.index);
  const taken = useSignal<ReadonlySet<number>>(new Set(whole));
  const chosen = useSignal<string | null>(null);
  const site_id = useSignal('');
  const busy = useSignal(false);
  const trouble = useSignal<Explained | null>(null);
  const words = t();
  const there = currentFences().value.value;
  const fences = useMemo((): MapFence[] => {
    const drawn = preview.drafts.flatMap((draft) => {
      const shape = shapeIn(draft);
      return shape ? [{ id: idOf(draft), name: draft.name, shape }] : [];
    });
    return [...drawnFences(there).map((one) => ({ ...one, quiet: true })), ...drawn];
  }, [preview, there]);
  const focus = useMemo(() => preview.drafts.flatMap((draft) => shapeIn(draft) ?? []), [preview]);

  const make = async () => {
    busy.value = true;
    trouble.value = null;
    const repaired = [...taken.value].filter((index) => !whole.includes(index));
    const take = [...taken.value].filter((index) => whole.includes(index));
    try {
      onDone((await importFile(file, preview.preview_hash, take, repaired, site_id.value || null)).fences.length);
    } catch (error) {
      trouble.value = explain(error);
      busy.value = false;
    }
  };
  const known = (sites().value.value ?? []).filter((site) => site.retired_at === null);
  return (
    <div class="beside-map">
      <Section
        title={words.found(preview.drafts.length, file.name)}
        actions={
          <>
            <Button look="quiet" onClick={() => (taken.value = new Set(whole))}>
              {words.takeAll}
            </Button>
            <Button look="quiet" onClick={() => (taken.value = new Set())}>
              {words.takeNone}
            </Button>
          </>
        }
      >
        <ul class="draft-list">
          {preview.drafts.map((draft) => (
            <DraftRow
              key={draft.index}
              {...{ draft, chosen }}
              isTaken={taken.value.has(draft.index)}
              onTake={(take) => {
                const next = new Set(taken.value);
                if (take) next.add(draft.index);
                else next.delete(draft.index);
                taken.value = next;
              }}
            />
          ))}
        </ul>
        {known.length > 0 && (
          <Select
            name="site_id"
            required={false}
            label={words.site}
            value={site_id.value}
            options={[{ value: '', label: words.noSite }, ...known.map(({ id, name }) => ({ value: id, label: name }))]}
            onValue={(id) => (site_id.value = id)}
          />
        )}
        <p class="hint">{words.importFor}</p>
        <FormProblem explained={trouble.value} />
        <Button look="primary" wide busy={busy.value} disabled={taken.value.size === 0} onClick={() => void make()}>
          {taken.value.size === 0 ? words.chooseSome : words.create(taken.value.size)}
        </Button>
      </Section>
      <div class="map-side">
        <MapView
          label={words.mapOfImport}
          fences={fences}
          focus={focus}
          selected={chosen.value}
          onSelect={(id) => (chosen.value = id?.startsWith('draft ') ? id : null)}
        />
      </div>
    </div>
  );
}

/** Geofences from a file: look first, on a map and in a list; then make what was chosen. */
export default function Import() {
  const looked = useSignal<Looked | null>(null);
  const busy = useSignal(false);
  const trouble = useSignal<Explained | null>(null);
  useEffect(() => {
    void currentFences().open();
    void sites().open();
  }, []);
  const words = t();
  const look = async (file: File) => {
    busy.value = true;
    looked.value = trouble.value = null;
    try {
      looked.value = { file, preview: await previewFile(file, file.name) };
    } catch (error) {
      const explained = explain(error);
      trouble.value = { ...explained, next: [...explained.fields.values()][0] ?? explained.next };
    } finally {
      busy.value = false;
    }
  };
  const done = (count: number) => {
    toast(words.created(count));
    void currentFences().refresh();
    navigate('/geofences', { replace: true });
  };
  return (
    <Page title={words.importTitle} about={words.importAbout} back={{ href: '/geofences', label: words.back }} wide>
      <div class="actions start">
        <label class={`button file-button${looked.value ? '' : ' primary'}`}>
          <input
            type="file"
            class="unseen"
            accept={ENDINGS}
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? [];
              currentTarget.value = '';
              if (file) void look(file);
            }}
          />
          {looked.value ? words.chooseOther : words.choose}
        </label>
      </div>
      {busy.value && <Progress label={words.reading} />}
      <FormProblem explained={trouble.value} />
      {looked.value && <Found key={looked.value.preview.preview_hash} looked={looked.value} onDone={done} />}
      {!looked.value && !navigator.onLine && <Notice tone="warn">{words.importOffline}</Notice>}
    </Page>
  );
}
