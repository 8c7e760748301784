/**
 * One shape while it is drawn. Knows nothing of a map: a screen, a table of coordinates and a keyboard all call the same methods.
 *
 * 1. What is drawn is a `Sketch`: corners and a circle, of which one is meant. Going from one to the other loses neither.
 * 2. Every change is a step of the history. A drag, or a row of arrow keys, is one step: the steps share a mark.
 * 3. `ring` is where the next corner goes. While `tool` is `draw`, a press on the map adds one; with `adjust`, corners are moved; with `pick`, the next
 *    press is the new place of the chosen corner (or of the circle's centre): the way without dragging.
 * 4. The shape may be wrong at any time; `fault` says how. Whoever saves it asks first.
 */
import { computed, signal } from '@preact/signals';
import { area_m2, border_m, placeAt } from '../measure';
import { type Area, type Circle, type Position, type Ring, type Shape, sameShape } from '../shape';
import {
  type CornerAt,
  cornerOf,
  EMPTY,
  insertCorner,
  moveCorner,
  removeCorner,
  removeRing,
  type RingAt,
  ringOf,
  rings,
  shifted,
} from './corners';
import { faultOf } from './faults';
import { begin, type History, record, redo, undo } from './history';

export type Kind = Shape['kind'];
export type Tool = 'draw' | 'adjust' | 'pick';

export interface Sketch {
  kind: Kind;
  area: Area;
  circle: Circle | null;
}

export const FIRST_RADIUS_M = 100;
const FIRST: RingAt = { polygon: 0, ring: 0 };
const DECIMALS = 7;

/** A centimetre: what was typed comes back as it was typed. */
const rounded = ([x, y]: Position): Position => [Number(x.toFixed(DECIMALS)), Number(y.toFixed(DECIMALS))];
const decimetres = (metres: number) => Math.max(1, Math.round(metres * 10) / 10);

export const sketchOf = (shape: Shape | null): Sketch =>
  shape?.kind === 'circle' ? { kind: 'circle', area: EMPTY, circle: shape } : { kind: 'area', area: shape ?? EMPTY, circle: null };

export class Editor {
  private readonly history = signal<History<Sketch>>(begin(sketchOf(null)));
  private marks = 0;
  readonly tool = signal<Tool>('draw');
  readonly ring = signal<RingAt>(FIRST);
  readonly chosen = signal<CornerAt | null>(null);
  readonly snapping = signal(true);
  readonly sketch = computed(() => this.history.value.present);
  readonly kind = computed(() => this.sketch.value.kind);
  readonly shape = computed<Shape | null>(() => {
    const { kind, area, circle } = this.sketch.value;
    return kind === 'circle' ? circle : area.polygons.length > 0 ? area : null;
  });
  readonly fault = computed(() => faultOf(this.shape.value));
  readonly area_m2 = computed(() => (this.shape.value ? area_m2(this.shape.value) : 0));
  readonly border_m = computed(() => (this.shape.value ? border_m(this.shape.value) : 0));
  readonly canUndo = computed(() => this.history.value.past.length > 0);
  readonly canRedo = computed(() => this.history.value.future.length > 0);
  /** The ring that the next corner goes to. */
  readonly drawn = computed<Ring>(() => ringOf(this.sketch.value.area, this.ring.value));
  private readonly original = signal<Shape | null>(null);
  readonly isChanged = computed(() => !sameShape(this.original.value, this.shape.value));

  constructor(shape: Shape | null = null) {
    this.open(shape);
  }

  /** Begin with this shape, without a history. `original`: what it is compared with to say whether anything changed. */
  open(shape: Shape | null, original: Shape | null = shape): void {
    this.original.value = original;
    this.history.value = begin(sketchOf(shape));
    this.settle();
    this.tool.value = shape ? 'adjust' : 'draw';
  }

  /** A mark of its own for the steps of one movement. */
  mark(): string {
    this.marks += 1;
    return `movement ${this.marks}`;
  }

  undo(): void {
    this.history.value = undo(this.history.value);
    this.settle();
  }

  redo(): void {
    this.history.value = redo(this.history.value);
    this.settle();
  }

  setKind(kind: Kind): void {
    if (kind === this.kind.value) return;
    this.change({ kind });
    this.tool.value = this.shape.value ? 'adjust' : 'draw';
  }

  /** Put another shape in its place, as a step that can be undone. */
  replace(shape: Shape): void {
    this.change(shape.kind === 'circle' ? { kind: 'circle', circle: shape } : { kind: 'area', area: shape });
    this.settle();
    this.tool.value = 'adjust';
  }

  /** Away with all of it; can be undone. */
  clear(): void {
    this.change(this.kind.value === 'circle' ? { circle: null } : { area: EMPTY });
    this.settle();
    this.tool.value = 'draw';
  }

  /** A press on the map, or its middle by keyboard: what it means depends on the tool. */
  put(place: Position): void {
    if (this.kind.value === 'circle') {
      if (this.tool.value === 'adjust') return;
      this.setCentre(place);
      this.tool.value = 'adjust';
    } else if (this.tool.value === 'draw') this.addCorner(place);
    else if (this.tool.value === 'pick' && this.chosen.value) {
      this.moveCorner(this.chosen.value, place);
      this.tool.value = 'adjust';
    } else this.chosen.value = null;
  }

  addCorner(place: Position): void {
    const at = { ...this.ring.value, corner: this.drawn.value.length };
    this.change({ area: insertCorner(this.sketch.value.area, at, rounded(place)) });
    this.chosen.value = at;
  }

  /** Take the last corner of the ring back. */
  dropLast(): void {
    if (this.drawn.value.length > 0) this.removeCorner({ ...this.ring.value, corner: this.drawn.value.length - 1 });
  }

  insertCorner(at: CornerAt, place: Position, mark: string | null = null): void {
    this.change({ area: insertCorner(this.sketch.value.area, at, rounded(place)) }, mark);
    this.chosen.value = at;
  }

  /** A corner halfway to the next one. */
  insertAfter(at: CornerAt): void {
    const ring = ringOf(this.sketch.value.area, at);
    const [from, to] = [ring[at.corner], ring[(at.corner + 1) % ring.length]];
    if (from && to) this.insertCorner({ ...at, corner: at.corner + 1 }, [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]);
  }

  moveCorner(at: CornerAt, place: Position, mark: string | null = null): void {
    this.change({ area: moveCorner(this.sketch.value.area, at, rounded(place)) }, mark);
  }

  removeCorner(at: CornerAt): void {
    this.change({ area: removeCorner(this.sketch.value.area, at) });
    const left = ringOf(this.sketch.value.area, at).length;
    this.chosen.value = left > 0 ? { ...at, corner: Math.min(at.corner, left - 1) } : null;
    this.settle();
  }

  removeRing(at: RingAt): void {
    this.change({ area: removeRing(this.sketch.value.area, at) });
    this.settle();
  }

  /** The next corners make a hole in a part, or another part. */
  beginRing(polygon: number | 'new'): void {
    const { polygons } = this.sketch.value.area;
    const nth = polygon === 'new' ? polygons.length : polygon;
    this.ring.value = { polygon: nth, ring: polygons[nth]?.length ?? 0 };
    this.chosen.value = null;
    this.tool.value = 'draw';
  }

  /** Go on drawing this ring. */
  extend(at: RingAt): void {
    this.ring.value = at;
    this.tool.value = 'draw';
  }

  /** The ring is closed; corners can be moved now. */
  finish(): void {
    this.tool.value = 'adjust';
  }

  choose(at: CornerAt | null): void {
    this.chosen.value = at;
    if (at) this.ring.value = { polygon: at.polygon, ring: at.ring };
  }

  setCentre([longitude, latitude]: Position, mark: string | null = null): void {
    const [x, y] = rounded([longitude, latitude]);
    const radius_m = this.sketch.value.circle?.radius_m ?? FIRST_RADIUS_M;
    this.change({ circle: { kind: 'circle', longitude: x, latitude: y, radius_m } }, mark);
  }

  setRadius(radius_m: number, mark: string | null = null): void {
    const { circle } = this.sketch.value;
    if (circle && Number.isFinite(radius_m)) this.change({ circle: { ...circle, radius_m: decimetres(radius_m) } }, mark);
  }

  /** Move the whole area. */
  shift(longitude: number, latitude: number, mark: string | null = null): void {
    this.change({ area: shifted(this.sketch.value.area, longitude, latitude) }, mark);
  }

  /** A place on the circle, east of its centre: where it is held to make it larger. */
  readonly rim = computed<Position | null>(() => {
    const { circle } = this.sketch.value;
    return circle && placeAt([circle.longitude, circle.latitude], 90, circle.radius_m);
  });

  private change(part: Partial<Sketch>, mark: string | null = null): void {
    this.history.value = record(this.history.value, { ...this.sketch.value, ...part }, mark);
  }

  /** What is chosen, and where drawing goes on, must exist. */
  private settle(): void {
    const { area } = this.sketch.value;
    if (this.chosen.value && !cornerOf(area, this.chosen.value)) this.chosen.value = null;
    const exists = rings(area).some(({ at }) => at.polygon === this.ring.value.polygon && at.ring === this.ring.value.ring);
    if (!exists) this.ring.value = rings(area).at(-1)?.at ?? FIRST;
    if (!this.shape.value) this.tool.value = 'draw';
  }
}
