import { useSignal } from '@preact/signals';
import { explain } from '../../api';
import { Dialog, ErrorState, Search } from '../../ui';
import { type Person, peopleLike } from './store';
import { t } from './words';

/** Whose day: somebody found by a part of their name. */
export function PersonDialog({
  onClose,
  onChosen,
}: {
  onClose: () => void;
  onChosen: (person: { person_id: string; name: string }) => void;
}) {
  const words = t();
  const text = useSignal('');
  const found = useSignal<readonly Person[] | null>(null);
  const failure = useSignal<unknown>(null);
  const look = async (q: string) => {
    text.value = q;
    failure.value = found.value = null;
    if (!q) return;
    try {
      const people = await peopleLike(q);
      if (text.value === q) found.value = people;
    } catch (error) {
      failure.value = error;
    }
  };
  return (
    <Dialog title={words.whose} onClose={onClose}>
      <Search label={words.searchPerson} value={text.value} onValue={(q) => void look(q)} />
      {failure.value !== null && <ErrorState explained={explain(failure.value)} onRetry={() => void look(text.value)} />}
      <p role="status" class="muted">
        {found.value ? words.found(found.value.length) : words.searchHint}
      </p>
      <ul class="lines choose">
        {found.value?.map((person) => {
          const name = person.name ?? person.telephone ?? '';
          return (
            <li key={person.id}>
              <button type="button" class="button quiet wide" onClick={() => onChosen({ person_id: person.id, name })}>
                {name}
              </button>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
