import { at, setQuery } from '../../app/router';
import { type Standing, STANDINGS } from '../../rollcall/merge';
import { Progress } from '../../ui';
import { t } from './words';

/** How many stand how; each figure shows only those. */
export function Tally({ counts, total }: { counts: Record<Standing, number>; total: number }) {
  const words = t();
  const chosen = at.value.query.get('show') ?? '';
  const done = total - counts.open;
  return (
    <section class="stack tight" aria-label={words.tally}>
      <div class="roll-tally" role="group" aria-label={words.tally}>
        {STANDINGS.map((stands) => (
          <button
            key={stands}
            type="button"
            class={`is-${stands}`}
            aria-pressed={chosen === stands}
            onClick={() => setQuery({ show: chosen === stands ? null : stands })}
          >
            <span class="figure">{counts[stands]}</span>
            <span>{words.standings[stands]}</span>
          </button>
        ))}
      </div>
      <Progress done={total ? done / total : 0} label={words.accounted(done, total)} />
      <p class="muted small" role="status">
        {words.accounted(done, total)}
      </p>
    </section>
  );
}
