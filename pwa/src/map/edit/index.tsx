/**
 * Draw one shape. `const editor = useMemo(() => new Editor(shape), [])`, then `<ShapeEditor editor={editor} label="..." others={fences} />` and, where
 * numbers are wanted, `<Numbers editor={editor} />`. Why not a drawing library: docs/decisions/0012.
 */
import { useSignal } from '@preact/signals';
import type { Map } from 'maplibre-gl';
import { MapView, type MapFence } from '..';
import { Button, Choice } from '../../ui';
import type { Shape } from '../shape';
import { formatArea, formatMetres } from '../units';
import './edit.css';
import type { Editor } from './editor';
import { Sketch } from './sketch';
import { More } from './more';
import { Around } from './around';
import { t } from './words';

export { Editor } from './editor';
export { Numbers } from './numbers';

interface ShapeEditorProps {
  editor: Editor;
  /** What the map shows, in words. */
  label: string;
  /** Other fences: to see, and to snap to. */
  others: readonly MapFence[];
  /** What to show at first. */
  focus?: readonly Shape[];
}

function hintOf(editor: Editor): string {
  const words = t().hint;
  if (editor.kind.value === 'circle') return editor.tool.value === 'adjust' ? words.circle : words.centre;
  if (editor.tool.value === 'pick') return words.pick;
  if (editor.tool.value === 'adjust') return words.adjust;
  return [words.drawFirst, words.drawNext, words.drawNext][editor.drawn.value.length] ?? words.drawClose;
}

function Tools({ editor }: { editor: Editor }) {
  const words = t();
  return (
    <div class="draw-tools" role="group" aria-label={words.kind}>
      <Choice
        quiet
        label={words.kind}
        value={editor.kind.value}
        options={[
          { value: 'area', label: words.corners },
          { value: 'circle', label: words.circle },
        ]}
        onValue={(kind) => editor.setKind(kind)}
      />
      <Button icon="undo" label={words.undo} disabled={!editor.canUndo.value} onClick={() => editor.undo()} />
      <Button icon="redo" label={words.redo} disabled={!editor.canRedo.value} onClick={() => editor.redo()} />
      <Around editor={editor} />
      <More editor={editor} />
    </div>
  );
}

/** Below the map, so that it comes and goes without moving what is being drawn on. */
function Step({ editor }: { editor: Editor }) {
  if (editor.kind.value === 'circle') return null;
  if (editor.tool.value === 'adjust') {
    return (
      <Button icon="add" onClick={() => editor.extend(editor.ring.value)}>
        {t().goOn}
      </Button>
    );
  }
  if (editor.tool.value === 'draw' && editor.drawn.value.length < 3) return null;
  return (
    <Button icon="check" onClick={() => editor.finish()}>
      {t().finish}
    </Button>
  );
}

function Measures({ editor }: { editor: Editor }) {
  const shape = editor.shape.value;
  if (!shape || (shape.kind === 'area' && editor.area_m2.value === 0)) return null;
  const round = shape.kind === 'circle' ? t().radiusOf(formatMetres(shape.radius_m)) : t().border(formatMetres(editor.border_m.value));
  return (
    <p class="measures">
      {t().area(formatArea(editor.area_m2.value))} · {round}
    </p>
  );
}

function Wrong({ editor, map }: { editor: Editor; map: Map | null }) {
  const fault = editor.fault.value;
  const isUnfinished = fault?.code === 'empty' || (fault?.code === 'too_few' && editor.tool.value === 'draw');
  if (!fault || isUnfinished) return null;
  const place = fault.place;
  return (
    <p class="error">
      {t().fault[fault.code]}
      {place && map && (
        <Button look="quiet" onClick={() => map.easeTo({ center: [place[0], place[1]] })}>
          {t().lookThere}
        </Button>
      )}
    </p>
  );
}

export function ShapeEditor({ editor, label, others, focus }: ShapeEditorProps) {
  const map = useSignal<Map | null>(null);
  return (
    <div class="shape-editor">
      <Tools editor={editor} />
      <MapView label={label} fences={others} {...(focus && { focus })} onMap={(made) => (map.value = made)}>
        {map.value && <Sketch map={map.value} editor={editor} others={others.map((fence) => fence.shape)} />}
        <Measures editor={editor} />
      </MapView>
      <div class="draw-step">
        <p class="hint">{hintOf(editor)}</p>
        <Step editor={editor} />
      </div>
      <div role="status">
        <Wrong editor={editor} map={map.value} />
      </div>
      <details class="small">
        <summary>{t().keysTitle}</summary>
        <p>{t().keys}</p>
      </details>
    </div>
  );
}
