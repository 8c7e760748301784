/** The shape as numbers: everything that can be dragged can be typed. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import { Button, TextField } from '../../ui';
import type { Area, Position } from '../shape';
import { formatDegrees } from '../units';
import { type CornerAt, type RingAt, rings, sameCorner } from './corners';
import type { Editor } from './editor';
import { MAX_RADIUS_M } from './faults';
import { cornerName, ringName } from './names';
import { readNumber, readPlace } from './text';
import { t } from './words';

const AT_ONCE = 25;

interface CellProps {
  label: string;
  value: string;
  wrong: string;
  accept: (value: number) => boolean;
  onValue: (value: number) => void;
  unit?: string;
  visible?: boolean;
}

/** A number that counts when it is left or Enter is pressed. What cannot be read stays, and says so. */
function Cell({ label, value, wrong, accept, onValue, unit, visible = false }: CellProps) {
  const typed = useSignal(value);
  const isWrong = useSignal(false);
  const id = useId();
  useEffect(() => {
    typed.value = value;
    isWrong.value = false;
  }, [value]);
  const take = () => {
    if (typed.value === value) return;
    const number = readNumber(typed.value);
    isWrong.value = number === null || !accept(number);
    if (number !== null && !isWrong.value) onValue(number);
  };
  return (
    <div class="field cell">
      <label for={id} class={visible ? undefined : 'unseen'}>
        {label}
      </label>
      <span class="with-unit">
        <input
          id={id}
          inputMode="decimal"
          autocomplete="off"
          value={typed.value}
          aria-invalid={isWrong.value || undefined}
          aria-describedby={isWrong.value ? `${id}-wrong` : undefined}
          onInput={(event) => (typed.value = event.currentTarget.value)}
          onBlur={take}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            take();
          }}
        />
        {unit && <span class="muted">{unit}</span>}
      </span>
      {isWrong.value && (
        <p class="error" id={`${id}-wrong`}>
          {wrong}
        </p>
      )}
    </div>
  );
}

const isLatitude = (value: number) => Math.abs(value) <= 90;
const isLongitude = (value: number) => Math.abs(value) <= 180;

function PlaceCells({
  name,
  place,
  onPlace,
  visible = false,
}: {
  name: string;
  place: Position;
  onPlace: (place: Position) => void;
  visible?: boolean;
}) {
  const { latitude, longitude, degreesWrong } = t();
  const label = (word: string) => (visible ? word : `${name}, ${word.toLowerCase()}`);
  return (
    <>
      <Cell
        {...{ visible }}
        label={label(latitude)}
        value={formatDegrees(place[1])}
        wrong={degreesWrong.latitude}
        accept={isLatitude}
        onValue={(value) => onPlace([place[0], value])}
      />
      <Cell
        {...{ visible }}
        label={label(longitude)}
        value={formatDegrees(place[0])}
        wrong={degreesWrong.longitude}
        accept={isLongitude}
        onValue={(value) => onPlace([value, place[1]])}
      />
    </>
  );
}

function CornerRow({ editor, at, area, place }: { editor: Editor; at: CornerAt; area: Area; place: Position }) {
  const isChosen = sameCorner(editor.chosen.value, at);
  const name = cornerName(area, at);
  const words = t();
  return (
    <li class={isChosen ? 'chosen' : undefined}>
      <Button look="quiet" pressed={isChosen} label={name} onClick={() => editor.choose(isChosen ? null : at)}>
        {at.corner + 1}
      </Button>
      <PlaceCells name={name} place={place} onPlace={(next) => editor.moveCorner(at, next)} />
      <Button look="quiet" icon="trash" label={`${words.remove}: ${name}`} onClick={() => editor.removeCorner(at)} />
      {isChosen && (
        <div class="actions start">
          <Button
            icon="pin"
            pressed={editor.tool.value === 'pick'}
            onClick={() => (editor.tool.value = editor.tool.value === 'pick' ? 'adjust' : 'pick')}
          >
            {words.pick}
          </Button>
          <Button icon="add" onClick={() => editor.insertAfter(at)}>
            {words.insert}
          </Button>
        </div>
      )}
    </li>
  );
}

function RingRows({ editor, at, area, heading }: { editor: Editor; at: RingAt; area: Area; heading: boolean }) {
  const shown = useSignal(AT_ONCE);
  const ring = area.polygons[at.polygon]?.[at.ring] ?? [];
  const chosen = editor.chosen.value;
  const isHere = chosen?.polygon === at.polygon && chosen.ring === at.ring;
  const until = Math.max(shown.value, isHere ? chosen.corner + 1 : 0);
  return (
    <>
      {heading && (
        <div class="row spread">
          <h3>{ringName(area, at)}</h3>
          <Button look="quiet" onClick={() => editor.removeRing(at)}>
            {at.ring > 0 ? t().removeRing.hole : t().removeRing.part}
          </Button>
        </div>
      )}
      <ol class="corner-list">
        {ring.slice(0, until).map((place, corner) => (
          <CornerRow key={corner} {...{ editor, area, place }} at={{ ...at, corner }} />
        ))}
      </ol>
      {ring.length > until && <Button onClick={() => (shown.value = until + AT_ONCE)}>{t().showMore(ring.length - until)}</Button>}
    </>
  );
}

/** One more corner, by its place. */
function AddCorner({ editor }: { editor: Editor }) {
  const typed = useSignal('');
  const isWrong = useSignal(false);
  const words = t();
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    const place = readPlace(typed.value);
    isWrong.value = place === null;
    if (!place) return;
    editor.addCorner(place);
    typed.value = '';
  };
  return (
    <form class="stack tight" noValidate onSubmit={add}>
      <TextField
        name="place"
        label={words.place}
        hint={words.placeHint}
        required
        value={typed.value}
        onValue={(value) => (typed.value = value)}
        error={isWrong.value ? words.placeWrong : undefined}
      />
      <div class="actions start">
        <Button type="submit" icon="add">
          {words.add}
        </Button>
      </div>
    </form>
  );
}

function CircleNumbers({ editor }: { editor: Editor }) {
  const { circle } = editor.sketch.value;
  const words = t();
  if (!circle) return <CentreByNumbers editor={editor} />;
  return (
    <div class="circle-numbers">
      <PlaceCells visible name={words.middle} place={[circle.longitude, circle.latitude]} onPlace={(place) => editor.setCentre(place)} />
      <Cell
        visible
        label={words.radius}
        value={String(circle.radius_m)}
        unit="m"
        wrong={words.radiusWrong}
        accept={(value) => value > 0 && value <= MAX_RADIUS_M}
        onValue={(value) => editor.setRadius(value)}
      />
      <div class="actions start">
        <Button
          icon="pin"
          pressed={editor.tool.value !== 'adjust'}
          onClick={() => (editor.tool.value = editor.tool.value === 'adjust' ? 'pick' : 'adjust')}
        >
          {words.pick}
        </Button>
      </div>
    </div>
  );
}

/** The middle of a circle that is not there yet. */
function CentreByNumbers({ editor }: { editor: Editor }) {
  const typed = useSignal('');
  const isWrong = useSignal(false);
  const words = t();
  const take = (event: SubmitEvent) => {
    event.preventDefault();
    const place = readPlace(typed.value);
    isWrong.value = place === null;
    if (!place) return;
    editor.setCentre(place);
    editor.finish();
  };
  return (
    <form class="stack tight" noValidate onSubmit={take}>
      <TextField
        name="centre"
        label={words.middle}
        hint={words.placeHint}
        required
        value={typed.value}
        onValue={(value) => (typed.value = value)}
        error={isWrong.value ? words.placeWrong : undefined}
      />
      <div class="actions start">
        <Button type="submit" icon="circle">
          {words.circle}
        </Button>
      </div>
    </form>
  );
}

function list(editor: Editor): ComponentChildren {
  const { area } = editor.sketch.value;
  const all = rings(area);
  return all.map(({ at }) => <RingRows key={`${at.polygon}.${at.ring}`} {...{ editor, at, area }} heading={all.length > 1} />);
}

export function Numbers({ editor }: { editor: Editor }) {
  if (editor.kind.value === 'circle') return <CircleNumbers editor={editor} />;
  return (
    <div class="stack">
      <p class="hint">{t().numbersAbout}</p>
      {list(editor)}
      <AddCorner editor={editor} />
    </div>
  );
}
