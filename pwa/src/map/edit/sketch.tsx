/**
 * What is being drawn, over the map: lines in one SVG, corners as buttons. Both follow the map's movements; the pictures are for eyes only, the
 * buttons carry the names. At most `MOST_HANDLES` corners can be held at once, those nearest to the middle of the map: zoom in for the others.
 */
import { useSignal } from '@preact/signals';
import type { Map, MapMouseEvent } from 'maplibre-gl';
import { useEffect, useId, useMemo } from 'preact/hooks';
import type { Position, Ring, Shape } from '../shape';
import { cornerOf, ringOf } from './corners';
import type { Editor } from './editor';
import { CircleHandles, CornerHandles } from './grips';
import { Lines } from './lines';
import { cornerName } from './names';
import { placeOf, snappedPlace, snapRings, type Spot } from './pointer';
import { formatMetres, formatPlace } from '../units';
import { t } from './words';

export const MOST_HANDLES = 250;

interface SketchProps {
  map: Map;
  editor: Editor;
  /** Other fences, to snap to. */
  others: readonly Shape[];
}

/** Whether a key or click belongs to the drawing: typing in a field does not. */
const isTyping = (target: EventTarget | null) =>
  target instanceof Element && target.closest('input, textarea, select, [role=menu], dialog') !== null;

/** Presses on the ground, and the pointer's way between them. */
function usePresses(map: Map, editor: Editor, rings: () => readonly Ring[], pointer: (place: Position | null) => void): void {
  useEffect(() => {
    const place = (event: MapMouseEvent) => snappedPlace(map, editor, event.point, rings());
    const listening = [
      map.on('click', (event) => void (event.originalEvent.detail < 2 && editor.put(place(event)))),
      map.on('dblclick', (event) => {
        if (editor.tool.peek() !== 'draw') return;
        event.preventDefault();
        editor.finish();
      }),
      map.on('mousemove', (event) => pointer(editor.tool.peek() === 'draw' ? place(event) : null)),
      map.on('mouseout', () => pointer(null)),
    ];
    return () => listening.forEach((one) => one.unsubscribe());
  }, [map, editor]);
}

/** Keys on the map itself. MapLibre has the arrows, plus and minus. */
function useMapKeys(map: Map, editor: Editor): void {
  useEffect(() => {
    const canvas = map.getCanvas();
    const pressed = (event: KeyboardEvent) => {
      const { lng, lat } = map.getCenter();
      if (event.key === 'Enter') editor.put([lng, lat]);
      else if (event.key === 'Backspace') editor.dropLast();
      else if (event.key === 'Escape' && editor.tool.peek() === 'draw') editor.finish();
      else return;
      event.preventDefault();
    };
    canvas.addEventListener('keydown', pressed);
    return () => canvas.removeEventListener('keydown', pressed);
  }, [map, editor]);
}

/** Undo and redo from anywhere on the page but a field, which has its own. */
function useUndoKeys(editor: Editor): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
      const key = event.key.toLowerCase();
      if (key === 'z' && !event.shiftKey) editor.undo();
      else if (key === 'y' || key === 'z') editor.redo();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [editor]);
}

/** What was just chosen or moved, for those who do not see it. */
function Said({ editor }: { editor: Editor }) {
  const { area, circle } = editor.sketch.value;
  const at = editor.chosen.value;
  const place = at && cornerOf(area, at);
  const text =
    editor.kind.value === 'circle'
      ? circle &&
        `${t().middle} ${t().at(formatPlace([circle.longitude, circle.latitude]))}, ${t().radiusOf(formatMetres(circle.radius_m))}`
      : at && place && `${cornerName(area, at)} ${t().at(formatPlace(place))}`;
  return (
    <p class="unseen" role="status">
      {text}
    </p>
  );
}

export function Sketch({ map, editor, others }: SketchProps) {
  const view = useSignal(0);
  const pointer = useSignal<Position | null>(null);
  const help = useId();
  const around = useMemo(() => snapRings(others), [others]);

  /** Rings to snap to; while a corner is held, its own ring is not among them. */
  const snappable = (but: Ring | null = null): readonly Ring[] => {
    const { area, kind } = editor.sketch.peek();
    const own = kind === 'area' ? area.polygons.flat().filter((ring) => ring !== but && ring !== editor.drawn.peek()) : [];
    return [...around, ...own];
  };
  const snapped = (spot: Spot, but: Ring | null) => snappedPlace(map, editor, spot, snappable(but));

  useEffect(() => {
    const moved = map.on('move', () => (view.value += 1));
    const resized = map.on('resize', () => (view.value += 1));
    return () => [moved, resized].forEach((one) => one.unsubscribe());
  }, [map]);
  usePresses(
    map,
    editor,
    () => snappable(),
    (place) => (pointer.value = place),
  );
  useMapKeys(map, editor);
  useUndoKeys(editor);

  const isPlacing = editor.tool.value !== 'adjust';
  useEffect(() => {
    map.getCanvas().style.cursor = isPlacing ? 'crosshair' : '';
    map.doubleClickZoom[isPlacing ? 'disable' : 'enable']();
  }, [isPlacing]);

  return (
    <div class="sketch">
      <Lines map={map} editor={editor} pointer={isPlacing ? pointer.value : null} frame={view.value} />
      {isPlacing && <span class="crosshair" aria-hidden="true" />}
      <p class="unseen" id={help}>
        {t().keys}
      </p>
      {editor.kind.value === 'circle' ? (
        <CircleHandles map={map} editor={editor} help={help} placeAt={(spot) => placeOf(map, spot)} />
      ) : (
        <CornerHandles
          map={map}
          editor={editor}
          help={help}
          placeAt={(spot, at) => snapped(spot, at ? ringOf(editor.sketch.peek().area, at) : null)}
        />
      )}
      <Said editor={editor} />
    </div>
  );
}
