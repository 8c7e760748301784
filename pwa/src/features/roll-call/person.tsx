import { useSignal } from '@preact/signals';
import { me } from '../../app/session';
import { formatTime } from '../../i18n';
import type { Mark } from '../../rollcall/merge';
import { ownOf } from '../../rollcall/store';
import type { Marked, RollCall } from '../../rollcall/types';
import { Button, Dialog, Facts, TextField } from '../../ui';
import type { Row } from './rows';
import { t } from './words';

export const MARKS = ['safe', 'missing', 'need_help', 'not_here'] as const satisfies readonly Mark[];

/** What a responder is called; the empty string when that is not known. */
export function nameOf(call: RollCall, id: string | null): string {
  const found = call.responders.find((one) => one.id === id)?.name ?? '';
  return found || (id !== null && id === me.value?.person_id ? (me.value.name ?? '') : '');
}

/** Who said it, in words. */
export function whoSaid(call: RollCall, said: Marked): string {
  if (said.marked_by !== 'responder') return t().by[said.marked_by];
  return nameOf(call, said.responder_id) || t().by.responder;
}

function Marks({ call, row }: { call: RollCall; row: Row }) {
  const words = t();
  const stands = new Set(row.said.map(({ id }) => id));
  const mine = new Set(ownOf(call.id).value.marks.map(({ id }) => id));
  const all = call.marks.filter(({ entry_id, mark }) => entry_id === row.entry.id && mark !== 'withdrawn');
  if (all.length === 0) return <p class="muted">{words.noMarks}</p>;
  return (
    <ul class="lines" aria-label={words.all}>
      {all.map((said) => (
        <li key={said.id}>
          <span>{words.saidBy(words.marks[said.mark as Mark], whoSaid(call, said), formatTime(said.said_at))}</span>
          {!stands.has(said.id) && <span class="muted"> ({words.wasWithdrawn})</span>}
          {mine.has(said.id) && <span class="muted"> ({words.waits})</span>}
          {said.note && <p>{said.note}</p>}
        </li>
      ))}
    </ul>
  );
}

/** Everything that was said of one person, and a mark with a remark. */
export function Person({
  call,
  row,
  site,
  onMark,
  onClose,
}: {
  call: RollCall;
  row: Row;
  site: string;
  onMark: (as: Mark, note: string) => void;
  onClose: () => void;
}) {
  const words = t();
  const note = useSignal('');
  return (
    <Dialog title={row.entry.name} onClose={onClose}>
      <Facts
        of={[
          [words.paper.state, words.standings[row.stands]],
          [words.paper.why, words.bases[row.entry.basis]],
          [words.paper.site, site],
        ]}
      />
      <Marks call={call} row={row} />
      <TextField
        name="note"
        label={words.remark}
        hint={words.remarkHint}
        value={note.value}
        onValue={(value) => (note.value = value)}
        maxLength={500}
      />
      <div class="roll-marks">
        {MARKS.map((as) => (
          <Button key={as} onClick={() => onMark(as, note.value.trim())}>
            {words.marks[as]}
          </Button>
        ))}
      </div>
    </Dialog>
  );
}
