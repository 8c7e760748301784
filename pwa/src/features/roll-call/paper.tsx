/** The list on paper. It is drawn only to be printed: thousands of rows are too many to keep beside the list on the screen. */
import { signal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { formatDateTime } from '../../i18n';
import type { Standing } from '../../rollcall/merge';
import type { Entry } from '../../rollcall/types';
import { PARTS, partOf } from './rows';
import { t } from './words';

export interface Sheet {
  title: string;
  at: string;
  sites: ReadonlyMap<string, string>;
  people: readonly { of: Entry; stands: Standing }[];
}

const sheet = signal<Sheet | null>(null);

/** Draw it and open the browser's own print dialog: one press, and one more to print. */
export const printSheet = (one: Sheet): void => void (sheet.value = one);

function Rows({ of }: { of: Sheet['people'] }) {
  const words = t();
  return (
    <tbody>
      {of.map(({ of: one, stands }, nth) => (
        <tr key={nth}>
          <td>{one.name}</td>
          <td>{words.bases[one.basis]}</td>
          <td>{sheet.value?.sites.get(one.site_id ?? '') ?? words.noSite}</td>
          <td class="box">{stands === 'safe' ? '✓' : ''}</td>
          <td class="box">{stands === 'missing' || stands === 'need_help' ? '✓' : ''}</td>
          <td>{stands === 'open' || stands === 'safe' ? '' : words.standings[stands]}</td>
        </tr>
      ))}
    </tbody>
  );
}

/** Where the sheet is drawn; once on each screen that prints. */
export function Paper() {
  const words = t().paper;
  const shown = sheet.value;
  useLayoutEffect(() => {
    if (!shown) return undefined;
    const done = () => (sheet.value = null);
    addEventListener('afterprint', done, { once: true });
    print();
    return () => removeEventListener('afterprint', done);
  }, [shown]);
  if (!shown) return null;
  return (
    <div class="roll-paper" aria-hidden="true">
      <h1>{shown.title}</h1>
      <p>
        {words.at(formatDateTime(shown.at))} · {words.total(shown.people.length)}
      </p>
      {PARTS.map((part) => {
        const some = shown.people.filter(({ of }) => partOf(of.basis) === part);
        return (
          some.length > 0 && (
            <table key={part}>
              <caption>
                {t().parts[part]} ({some.length})
              </caption>
              <thead>
                <tr>
                  {[words.name, words.why, words.site, words.safe, words.missing, words.remarks].map((head) => (
                    <th key={head}>{head}</th>
                  ))}
                </tr>
              </thead>
              <Rows of={some} />
            </table>
          )
        );
      })}
    </div>
  );
}
