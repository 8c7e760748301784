/** The drawing itself, as SVG: the area, the line to the pointer, the length of each side, and where something is wrong. */
import type { Map } from 'maplibre-gl';
import { distance_m, edges, outline } from '../measure';
import type { Position, Ring } from '../shape';
import { formatMetres } from '../units';
import { rings } from './corners';
import type { Editor } from './editor';
import { spotOf } from './pointer';

const SHORTEST_PX = 64;
const BESIDE_PX = 15;
const MOST_LENGTHS = 60;

interface LinesProps {
  map: Map;
  editor: Editor;
  pointer: Position | null;
  /** Changes when the map moves. */
  frame: number;
}

const pathOf = (map: Map, ring: readonly Position[], close: boolean) =>
  ring
    .map((place, nth) => {
      const { x, y } = spotOf(map, place);
      return `${nth ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('') + (close ? 'Z' : '');

/** The length of a side, written outside its middle when there is room. `frame`: only with a changed one does it look where the map is now. */
function Length({ map, from, to, turn = 1 }: { map: Map; from: Position; to: Position; turn?: 1 | -1; frame: number }) {
  const [a, b] = [spotOf(map, from), spotOf(map, to)];
  const length = Math.hypot(a.x - b.x, a.y - b.y);
  if (length < SHORTEST_PX) return null;
  const [aside, up] = [((a.y - b.y) / length) * turn, ((b.x - a.x) / length) * turn];
  return (
    <text x={(a.x + b.x) / 2 + aside * BESIDE_PX * 1.8} y={(a.y + b.y) / 2 + up * BESIDE_PX}>
      {formatMetres(distance_m(from, to))}
    </text>
  );
}

function Lengths({ map, editor, frame }: { map: Map; editor: Editor; frame: number }) {
  const { area, kind } = editor.sketch.value;
  const drawn = kind === 'area' ? rings(area) : [];
  if (drawn.reduce((sum, { ring }) => sum + ring.length, 0) > MOST_LENGTHS) return null;
  return drawn.flatMap(({ at, ring }) => {
    const sides = edges(ring).slice(0, ring.length > 2 ? undefined : 1);
    const turn = turning(ring);
    return sides.map(([from, to], nth) => <Length key={`${at.polygon}.${at.ring}.${nth}`} {...{ map, from, to, turn, frame }} />);
  });
}

/** 1: counterclockwise, so that the outside is on the right; -1: clockwise. */
const turning = (ring: Ring): 1 | -1 =>
  edges(ring).reduce((sum, [[x, y], [nextX, nextY]]) => sum + (nextX - x) * (nextY + y), 0) <= 0 ? 1 : -1;

export function Lines({ map, editor, pointer, frame }: LinesProps) {
  const shape = editor.shape.value;
  const fault = editor.fault.value;
  const isOpen = editor.kind.value === 'area' && editor.tool.value === 'draw';
  const drawn = editor.drawn.value;
  const last = isOpen ? drawn.at(-1) : undefined;
  const first = drawn[0];
  const wrong = fault?.place && fault.code !== 'too_few' ? spotOf(map, fault.place) : null;
  return (
    <svg class={wrong ? 'wrong' : undefined} aria-hidden="true">
      {shape && (
        <path
          class="area"
          d={outline(shape)
            .flat()
            .map((ring) => pathOf(map, ring, true))
            .join('')}
        />
      )}
      {last && pointer && <path class="next" d={pathOf(map, [last, pointer, ...(drawn.length > 1 && first ? [first] : [])], false)} />}
      <Lengths {...{ map, editor, frame }} />
      {last && pointer && <Length {...{ map, frame }} from={last} to={pointer} />}
      {wrong && <circle class="fault" cx={wrong.x} cy={wrong.y} r="14" />}
    </svg>
  );
}
