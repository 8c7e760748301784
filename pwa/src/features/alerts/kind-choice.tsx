import { EXERCISES } from '../../api/alerts';
import type { Exercise } from '../../api/messaging-types';
import { KIND_ICONS } from '../../messaging/alert-kind';
import { t as kindWords } from '../../messaging/alert-words';
import { Icon } from '../../ui';
import { t } from './words';

/** The first choice, always in sight: an actual alert, an exercise, or a test. */
export function KindChoice({ value, onValue }: { value: Exercise; onValue: (exercise: Exercise) => void }) {
  return (
    <fieldset class="kind-choice">
      <legend class="unseen">{t().kind}</legend>
      {EXERCISES.map((exercise) => (
        <label key={exercise} class={exercise}>
          <input type="radio" name="exercise" checked={value === exercise} onChange={() => onValue(exercise)} />
          <span>
            <Icon name={KIND_ICONS[exercise]} />
            {kindWords().kinds[exercise]}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
