/** Draw an area for this alert. It lives as long as the alert does; whoever is inside, or comes in, gets it. */
import { useEffect, useMemo } from 'preact/hooks';
import { navigate } from '../../app/router';
import { currentFences, drawnFences } from '../../map';
import { basemapNow } from '../../map/basemap';
import { Editor, Numbers, ShapeEditor } from '../../map/edit';
import { relation } from '../../map/meet';
import type { Shape } from '../../map/shape';
import { formatList } from '../../i18n';
import { Button, Notice, Page, Section } from '../../ui';
import './alerts.css';
import { choose, draft } from './draft';
import { t } from './words';

/** Which geofences it covers or touches: their people are in it, or possibly. */
function Covers({ shape }: { shape: Shape }) {
  const words = t().area;
  const met = drawnFences(currentFences().value.value).map((fence) => ({ name: fence.name, how: relation(shape, fence.shape) }));
  const inside = met.filter(({ how }) => how === 'covers' || how === 'equals').map(({ name }) => name);
  const touched = met.filter(({ how }) => how === 'overlaps' || how === 'covered_by').map(({ name }) => name);
  return (
    <div role="status" class="stack tight">
      {inside.length > 0 && <p>{words.covers(formatList(inside))}</p>}
      {touched.length > 0 && <p>{words.touches(formatList(touched))}</p>}
      {inside.length + touched.length === 0 && <p class="muted">{words.meetsNone}</p>}
    </div>
  );
}

export default function Area() {
  const words = t();
  const { chosen } = draft.value;
  const editor = useMemo(() => new Editor(chosen.area), []);
  useEffect(() => void currentFences().open(), []);
  const fences = drawnFences(currentFences().value.value).map((fence) => ({ ...fence, quiet: true }));
  const shape = editor.fault.value ? null : editor.shape.value;
  const { kept } = draft.value;
  const back = kept ? `/alert/more?draft=${kept.id}` : '/alert';
  const use = () => {
    editor.finish();
    const drawn = editor.shape.peek();
    if (!drawn || editor.fault.peek()) return;
    choose({ ...draft.peek().chosen, area: drawn });
    navigate(kept ? back : '/alert/what');
  };
  const drop = () => {
    choose({ ...draft.peek().chosen, area: null });
    navigate(back);
  };
  return (
    <Page title={words.drawArea} about={words.area.about} back={{ href: back, label: kept ? words.long.changeTitle : words.title }} wide>
      <div class="alert-area">
        <div class="alert-map">
          <ShapeEditor editor={editor} label={words.area.map} others={fences} />
        </div>
        <Section>
          {shape ? <Covers shape={shape} /> : <p class="muted">{words.area.nothing}</p>}
          <div class="actions start">
            <Button look="primary" icon="check" disabled={!shape} onClick={use}>
              {words.area.use}
            </Button>
            {chosen.area && (
              <Button icon="trash" onClick={drop}>
                {words.area.drop}
              </Button>
            )}
          </div>
          {basemapNow.value?.overview && <Notice>{words.area.overview}</Notice>}
          <details>
            <summary>{words.area.numbers}</summary>
            <Numbers editor={editor} />
          </details>
        </Section>
      </div>
    </Page>
  );
}
