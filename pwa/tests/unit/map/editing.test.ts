import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { corners, insertCorner, moveCorner, removeCorner, removeRing } from '../../../src/map/edit/corners';
import { Editor, FIRST_RADIUS_M } from '../../../src/map/edit/editor';
import { begin, record, redo, undo } from '../../../src/map/edit/history';
import type { Area, Position, Shape } from '../../../src/map/shape';
import { drawnOf, shapeOf } from '../../../src/map/shape';

const SQUARE: Position[] = [
  [5, 52],
  [5.01, 52],
  [5.01, 52.01],
  [5, 52.01],
];
const HOLE: Position[] = [
  [5.002, 52.002],
  [5.004, 52.002],
  [5.004, 52.004],
];
const place = fc
  .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }))
  .map(([x, y]): Position => [x, y]);

describe('history', () => {
  test('any number of steps taken back and done again gives what there was', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 30 }), fc.nat(30), (steps, back) => {
        let history = begin(-0.5);
        for (const step of steps) history = record(history, step);
        const end = history.present;
        for (let nth = 0; nth < back; nth++) history = undo(history);
        for (let nth = 0; nth < back; nth++) history = redo(history);
        expect(history.present).toBe(end);
      }),
    );
  });

  test('steps with one mark are taken back together', () => {
    let history = record(begin('a'), 'b');
    for (const step of ['c', 'd', 'e']) history = record(history, step, 'drag 1');
    expect(undo(history).present).toBe('b');
    expect(undo(record(history, 'f', 'drag 2')).present).toBe('e');
  });

  test('a new step forgets what was taken back', () => {
    expect(redo(record(undo(record(begin('a'), 'b')), 'c')).present).toBe('c');
  });
});

describe('corners', () => {
  const area: Area = {
    kind: 'area',
    polygons: [
      [SQUARE, HOLE],
      [
        [
          [6, 52],
          [6.1, 52],
          [6, 52.1],
        ],
      ],
    ],
  };

  test('a corner put in and taken out again changes nothing', () => {
    fc.assert(
      fc.property(fc.nat(corners(area).length - 1), place, (nth, where) => {
        const { at } = corners(area)[nth]!;
        expect(removeCorner(insertCorner(area, at, where), at)).toEqual(area);
      }),
    );
  });

  test('moving a corner moves that one alone', () => {
    const at = { polygon: 0, ring: 1, corner: 2 };
    const moved = corners(moveCorner(area, at, [5.003, 52.003]));
    expect(moved.filter(({ place: [x] }, nth) => x !== corners(area)[nth]!.place[0])).toEqual([{ at, place: [5.003, 52.003] }]);
  });

  test('the last corner of a hole takes the hole along; an outer border its holes', () => {
    const thin = insertCorner({ kind: 'area', polygons: [[SQUARE]] }, { polygon: 0, ring: 1, corner: 0 }, [5.002, 52.002]);
    expect(removeCorner(thin, { polygon: 0, ring: 1, corner: 0 }).polygons[0]).toHaveLength(1);
    expect(removeRing(area, { polygon: 0, ring: 0 }).polygons).toHaveLength(1);
  });

  test('a shape goes to GeoJSON and back as it was', () => {
    expect(shapeOf(drawnOf(area))).toEqual(area);
    const circle: Shape = { kind: 'circle', longitude: 5, latitude: 52, radius_m: 120.5 };
    expect(shapeOf(drawnOf(circle))).toEqual(circle);
  });
});

describe('editor', () => {
  const drawn = () => {
    const editor = new Editor();
    for (const corner of SQUARE) editor.put(corner);
    editor.finish();
    return editor;
  };

  test('pressing four places and finishing gives an area without a fault', () => {
    const editor = drawn();
    expect(editor.shape.value).toEqual({ kind: 'area', polygons: [[SQUARE]] });
    expect(editor.fault.value).toBeNull();
    expect(editor.tool.value).toBe('adjust');
  });

  test('a press while adjusting adds nothing', () => {
    const editor = drawn();
    editor.put([5.5, 52.5]);
    expect(editor.shape.value).toEqual({ kind: 'area', polygons: [[SQUARE]] });
  });

  test('a corner moves to the next place pressed, without dragging', () => {
    const editor = drawn();
    editor.choose({ polygon: 0, ring: 0, corner: 2 });
    editor.tool.value = 'pick';
    editor.put([5.02, 52.02]);
    expect(editor.sketch.value.area.polygons[0]![0]![2]).toEqual([5.02, 52.02]);
    expect(editor.tool.value).toBe('adjust');
  });

  test('a drag is taken back in one step', () => {
    const editor = drawn();
    const mark = editor.mark();
    for (const x of [5.011, 5.012, 5.013]) editor.moveCorner({ polygon: 0, ring: 0, corner: 1 }, [x, 52], mark);
    editor.undo();
    expect(editor.shape.value).toEqual({ kind: 'area', polygons: [[SQUARE]] });
  });

  test('a hole is drawn inside, and taken out', () => {
    const editor = drawn();
    editor.beginRing(0);
    for (const corner of HOLE) editor.put(corner);
    editor.finish();
    expect(editor.shape.value).toEqual({ kind: 'area', polygons: [[SQUARE, HOLE]] });
    editor.removeRing({ polygon: 0, ring: 1 });
    expect(editor.shape.value).toEqual({ kind: 'area', polygons: [[SQUARE]] });
  });

  test('a circle stays a circle, and the corners wait behind it', () => {
    const editor = drawn();
    editor.setKind('circle');
    expect(editor.fault.value?.code).toBe('empty');
    editor.put([5, 52]);
    editor.setRadius(250.04);
    expect(editor.shape.value).toEqual({ kind: 'circle', longitude: 5, latitude: 52, radius_m: 250 });
    editor.setKind('area');
    expect(editor.shape.value).toEqual({ kind: 'area', polygons: [[SQUARE]] });
  });

  test('the first press of a circle gives it a radius to begin with', () => {
    const editor = new Editor();
    editor.setKind('circle');
    editor.put([5, 52]);
    expect(editor.sketch.value.circle?.radius_m).toBe(FIRST_RADIUS_M);
  });

  test('whatever is done, everything can be taken back to the beginning and done again', () => {
    const step = fc.oneof(
      place.map((where) => (editor: Editor) => editor.put(where)),
      fc.constant((editor: Editor) => editor.finish()),
      fc.constant((editor: Editor) => editor.beginRing('new')),
      fc.constant((editor: Editor) => editor.dropLast()),
      fc.constant((editor: Editor) => editor.setKind(editor.kind.value === 'area' ? 'circle' : 'area')),
      fc.double({ min: 1, max: 1e4, noNaN: true }).map((metres) => (editor: Editor) => editor.setRadius(metres)),
      fc.constant((editor: Editor) => editor.clear()),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const editor = new Editor({ kind: 'area', polygons: [[SQUARE]] });
        for (const take of steps) take(editor);
        const end = editor.sketch.value;
        while (editor.canUndo.value) editor.undo();
        expect(editor.shape.value).toEqual({ kind: 'area', polygons: [[SQUARE]] });
        while (editor.canRedo.value) editor.redo();
        expect(editor.sketch.value).toEqual(end);
      }),
    );
  });
});
