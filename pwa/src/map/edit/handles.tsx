/** What one takes hold of: real buttons over the map, so that mouse, finger, keyboard and screen reader all have the same. */
import type { Map } from 'maplibre-gl';
import { useRef } from 'preact/hooks';
import { type Spot, spotOfEvent } from './pointer';

const STILL_PX = 3;
const STEP_PX = 2;
const FAST_PX = 20;
const ARROWS: Record<string, readonly [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

interface HandleProps {
  map: Map;
  spot: Spot;
  look: 'corner' | 'between' | 'centre' | 'rim';
  label: string;
  /** The id of the text that explains the keys. */
  help: string;
  /** Presses of arrow keys one after the other are one step of the history: those on this one. */
  name: string;
  chosen?: boolean;
  inTabs: boolean;
  /** Taken hold of. The answer is told with each movement. */
  onGrab: () => string;
  onMove: (spot: Spot, mark: string) => void;
  onPress?: () => void;
  onKey?: (key: string) => boolean;
  handleRef?: (element: HTMLButtonElement | null) => void;
}

export function Handle({
  map,
  spot,
  look,
  label,
  help,
  name,
  chosen = false,
  inTabs,
  onGrab,
  onMove,
  onPress,
  onKey,
  handleRef,
}: HandleProps) {
  const held = useRef<{ from: Spot; mark: string; moved: boolean } | null>(null);

  const down = (event: PointerEvent & { currentTarget: HTMLButtonElement }) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    held.current = { from: spotOfEvent(map, event), mark: onGrab(), moved: false };
  };
  const move = (event: PointerEvent) => {
    const now = spotOfEvent(map, event);
    if (!held.current) return;
    held.current.moved ||= Math.hypot(now.x - held.current.from.x, now.y - held.current.from.y) > STILL_PX;
    if (held.current.moved) onMove(now, held.current.mark);
  };
  const up = () => {
    const wasMoved = held.current?.moved;
    held.current = null;
    if (!wasMoved) onPress?.();
  };
  const key = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    if (arrow) {
      const step = event.shiftKey ? FAST_PX : STEP_PX;
      onMove({ x: spot.x + arrow[0] * step, y: spot.y + arrow[1] * step }, `${name} by keys`);
    } else if (event.ctrlKey || event.metaKey || event.altKey || !onKey?.(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <button
      type="button"
      ref={handleRef ?? null}
      class={`handle ${look}${chosen ? ' chosen' : ''}`}
      aria-label={label}
      aria-describedby={help}
      aria-pressed={look === 'corner' ? chosen : undefined}
      tabIndex={inTabs ? 0 : -1}
      style={{ translate: `${spot.x}px ${spot.y}px` }}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={() => (held.current = null)}
      onClick={(event) => void (event.detail === 0 && onPress?.())}
      onKeyDown={key}
    />
  );
}
