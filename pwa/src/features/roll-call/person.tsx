import { useSignal } from '@preact/signals';
import { formatTime } from '../../i18n';
import type { Mark } from '../../rollcall/merge';
import { ownOf } from '../../rollcall/store';
import type { Marked, RollCall } from '../../rollcall/types';
import { Button, Dialog, Facts, TextField } from '../../ui';
import type { Row } from './rows';
import { t } from './words';

export const MARKS = ['safe', 'missing', 'need_help', 'not_here'] as const satisfies readonly Mark[];

/** Who said it, in words. */
export function whoSaid(said: Marked): string {
  return (said.marked_by === 'responder' && said.responder) || t().by[said.marked_by];
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
          <span>{words.saidBy(words.marks[said.mark as Mark], whoSaid(said), formatTime(said.said_at))}</span>
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
