import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { me } from '../../app/session';
import type { Mark, Standing } from '../../rollcall/merge';
import type { RollCall } from '../../rollcall/types';
import { LongList, Status, type Tone } from '../../ui';
import { press, say } from './marking';
import { siteNames } from './sites';
import { MARKS, Person, whoSaid } from './person';
import { parted, type Row } from './rows';
import { t } from './words';

export const TONES: Record<Standing, Tone> = { open: 'neutral', safe: 'good', missing: 'bad', need_help: 'bad', not_here: 'info' };
const WIDE = '(min-width: 60rem)';

/** What follows the name: why they are on the list, and who said how they are. */
function about(call: RollCall, row: Row, sites: ReadonlyMap<string, string>): string {
  const { basis, site_id } = row.entry;
  const first = row.said[0];
  const parts = [
    t().bases[basis],
    sites.size > 1 || site_id === null ? (sites.get(site_id ?? '') ?? t().noSite) : '',
    first ? whoSaid(call, first) : '',
  ];
  return parts.filter(Boolean).join(' · ');
}

interface LineProps {
  call: RollCall;
  row: Row;
  sites: ReadonlyMap<string, string>;
  readOnly: boolean;
  onOpen: () => void;
}

function Line({ call, row, sites, readOnly, onOpen }: LineProps) {
  const words = t();
  const pressed = new Set(row.said.map(({ mark }) => mark));
  return (
    <div class={`roll-row is-${row.stands}`} role="group" aria-label={row.entry.name}>
      <button type="button" class="roll-name" onClick={onOpen}>
        <strong>{row.entry.name}</strong>
        <span class="muted small">{about(call, row, sites)}</span>
      </button>
      <Status tone={TONES[row.stands]}>{words.standings[row.stands]}</Status>
      {!readOnly && (
        <div class="roll-marks">
          {MARKS.map((as) => (
            <button
              key={as}
              type="button"
              class={`roll-mark ${as}`}
              aria-pressed={pressed.has(as)}
              aria-label={words.saidOf(words.marks[as], row.entry.name)}
              onClick={() => void press(call, row, as)}
            >
              {words.marks[as]}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** Which layout: in one the marks stand below the name, in the other beside it. Rows of a long list all have one height. */
function useWide(): boolean {
  const wide = useSignal(matchMedia(WIDE).matches);
  useEffect(() => {
    const media = matchMedia(WIDE);
    const looked = () => (wide.value = media.matches);
    media.addEventListener('change', looked);
    return () => media.removeEventListener('change', looked);
  }, []);
  return wide.value;
}

/** Everybody, part by part: on site, unknown, left as the clock assumes, added. */
export function List({ call, rows, readOnly }: { call: RollCall; rows: readonly Row[]; readOnly: boolean }) {
  const words = t();
  const opened = useSignal<string | null>(null);
  const isWide = useWide();
  const sites = siteNames(call.sites, call.site_ids);
  const row = opened.value === null ? undefined : rows.find(({ entry }) => entry.id === opened.value);
  const mark = (of: Row) => (as: Mark, note: string) => {
    opened.value = null;
    void say(call, of.entry, as, note || null);
  };
  return (
    <>
      {parted(rows).map(([part, some]) => (
        <section key={part} class="roll-part" aria-labelledby={`roll-${part}`}>
          <h2 id={`roll-${part}`}>
            {words.parts[part]} <span class="muted">{words.toGo(some.filter(({ stands }) => stands === 'open').length)}</span>
          </h2>
          {words.partAbout[part] && <p class="muted small">{words.partAbout[part]}</p>}
          <LongList
            label={words.list(words.parts[part], some.length)}
            rows={some}
            rowKey={({ entry }) => entry.id}
            row_rem={readOnly || isWide ? 4.25 : 7.5}
          >
            {(one) => <Line call={call} row={one} sites={sites} readOnly={readOnly} onOpen={() => (opened.value = one.entry.id)} />}
          </LongList>
        </section>
      ))}
      {row && (
        <Person
          call={call}
          row={row}
          site={sites.get(row.entry.site_id ?? '') ?? words.noSite}
          onMark={mark(row)}
          onClose={() => (opened.value = null)}
        />
      )}
    </>
  );
}

/** Whether marks are this person's to make. */
export const isResponder = (): boolean => me.value?.may['roll_call.mark'] === 'all';
