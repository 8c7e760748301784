/** The handles of what is drawn: each corner, the middles between them, and of a circle its centre and its edge. */
import type { Map } from 'maplibre-gl';
import { useEffect, useRef } from 'preact/hooks';
import { distance_m } from '../measure';
import type { Position } from '../shape';
import { formatPlace } from '../units';
import { type CornerAt, corners, ringOf, sameCorner } from './corners';
import type { Editor } from './editor';
import { Handle } from './handles';
import { cornerName } from './names';
import { type Spot, spotOf } from './pointer';
import { MOST_HANDLES } from './sketch';
import { t } from './words';

const BESIDE_PX = 40;
const BETWEEN_PX = 56;

interface GripsProps {
  map: Map;
  editor: Editor;
  /** The id of the text that explains the keys. */
  help: string;
}

const keyOf = ({ polygon, ring, corner }: CornerAt) => `${polygon}.${ring}.${corner}`;

/** Those in sight; of too many, those nearest to the middle. */
function reachable(map: Map, editor: Editor): { at: CornerAt; place: Position; spot: Spot }[] {
  const { clientWidth: wide, clientHeight: high } = map.getContainer();
  const isNear = ({ x, y }: Spot) => x > -BESIDE_PX && y > -BESIDE_PX && x < wide + BESIDE_PX && y < high + BESIDE_PX;
  const found = corners(editor.sketch.value.area)
    .map(({ at, place }) => ({ at, place, spot: spotOf(map, place) }))
    .filter(({ at, spot }) => isNear(spot) || sameCorner(at, editor.chosen.value));
  if (found.length <= MOST_HANDLES) return found;
  const away = ({ spot }: { spot: Spot }) => Math.hypot(spot.x - wide / 2, spot.y - high / 2);
  return found.sort((a, b) => away(a) - away(b)).slice(0, MOST_HANDLES);
}

export function CornerHandles({ map, editor, help, placeAt }: GripsProps & { placeAt: (spot: Spot, at: CornerAt | null) => Position }) {
  const elements = useRef(new globalThis.Map<string, HTMLButtonElement>());
  const wantsFocus = useRef(false);
  const area = editor.sketch.value.area;
  const chosen = editor.chosen.value;
  const shown = reachable(map, editor);
  const tabbed = shown.find(({ at }) => sameCorner(at, chosen)) ?? shown[0];

  useEffect(() => {
    if (!wantsFocus.current) return;
    // By what is chosen now: the next key may have come before this effect of the last one. What is not drawn yet is for the effect after that.
    const last = editor.chosen.peek();
    const wanted = last ? elements.current.get(keyOf(last)) : map.getCanvas();
    wantsFocus.current = !wanted;
    wanted?.focus();
  }, [chosen, area]);

  const key = (at: CornerAt) => (name: string) => {
    const count = ringOf(area, at).length;
    const go = { PageUp: at.corner - 1, PageDown: at.corner + 1, Home: 0, End: count - 1 }[name];
    if (go !== undefined) editor.choose({ ...at, corner: (go + count) % count });
    else if (name === 'Delete' || name === 'Backspace') editor.removeCorner(at);
    else if (name === 'Enter' || name === 'Insert') editor.insertAfter(at);
    else if (name === 'Escape') {
      editor.finish();
      editor.choose(null);
    } else return false;
    wantsFocus.current = true;
    return true;
  };
  const press = (at: CornerAt) => () => {
    const closes = editor.tool.peek() === 'draw' && at.corner === 0 && editor.drawn.peek().length > 2;
    if (closes) editor.finish();
    editor.choose(at);
  };
  return (
    <>
      {editor.tool.value === 'adjust' && shown.length < MOST_HANDLES && <Between {...{ map, editor, help, placeAt }} />}
      {shown.map(({ at, place, spot }) => (
        <Handle
          key={keyOf(at)}
          {...{ map, spot, help }}
          name={keyOf(at)}
          look="corner"
          label={`${cornerName(area, at)} ${t().at(formatPlace(place))}`}
          chosen={sameCorner(at, chosen)}
          inTabs={at === tabbed?.at}
          onGrab={() => {
            if (editor.tool.peek() !== 'draw') editor.choose(at);
            return editor.mark();
          }}
          onMove={(moved, mark) => {
            editor.choose(at);
            editor.moveCorner(at, placeAt(moved, at), mark);
          }}
          onPress={press(at)}
          onKey={key(at)}
          handleRef={(element) => void (element ? elements.current.set(keyOf(at), element) : elements.current.delete(keyOf(at)))}
        />
      ))}
    </>
  );
}

/** A small handle on each long side: taken hold of, it becomes a corner. For pointers; Enter on a corner does the same. */
function Between({ map, editor, help, placeAt }: GripsProps & { placeAt: (spot: Spot, at: CornerAt | null) => Position }) {
  const added = useRef<string | null>(null);
  const held = useRef<string | null>(null);
  const { area } = editor.sketch.value;
  return (
    <>
      {corners(area).map(({ at, place }) => {
        const ring = ringOf(area, at);
        const next = ring[(at.corner + 1) % ring.length];
        if (!next || ring.length < 3) return null;
        const [a, b] = [spotOf(map, place), spotOf(map, next)];
        if (held.current !== keyOf(at) && Math.hypot(a.x - b.x, a.y - b.y) < BETWEEN_PX) return null;
        const fresh = { ...at, corner: at.corner + 1 };
        const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
        return (
          <Handle
            key={`after ${keyOf(at)}`}
            {...{ map, help }}
            name={`after ${keyOf(at)}`}
            spot={middle}
            look="between"
            label={t().between}
            inTabs={false}
            onGrab={() => {
              added.current = null;
              held.current = keyOf(at);
              return editor.mark();
            }}
            onMove={(spot, mark) => {
              if (added.current === mark) return editor.moveCorner(fresh, placeAt(spot, fresh), mark);
              added.current = mark;
              editor.insertCorner(fresh, placeAt(spot, null), mark);
            }}
            onPress={() => editor.insertAfter(at)}
          />
        );
      })}
    </>
  );
}

export function CircleHandles({ map, editor, help, placeAt }: GripsProps & { placeAt: (spot: Spot) => Position }) {
  const { circle } = editor.sketch.value;
  const rim = editor.rim.value;
  if (!circle || !rim) return null;
  const centre: Position = [circle.longitude, circle.latitude];
  return (
    <>
      <Handle
        {...{ map, help }}
        name="rim"
        spot={spotOf(map, rim)}
        look="rim"
        label={t().rim}
        inTabs
        onGrab={() => editor.mark()}
        onMove={(spot, mark) => editor.setRadius(distance_m(centre, placeAt(spot)), mark)}
      />
      <Handle
        {...{ map, help }}
        name="centre"
        spot={spotOf(map, centre)}
        look="centre"
        label={t().middle}
        inTabs
        onGrab={() => editor.mark()}
        onMove={(spot, mark) => editor.setCentre(placeAt(spot), mark)}
      />
    </>
  );
}
