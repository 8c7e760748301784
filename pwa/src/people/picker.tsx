import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { answer, api, explain } from '../api';
import { Button, Field } from '../ui';
import { called, type Person, remember } from './lists';
import { t } from './words';
import './people.css';

const PAUSE_MS = 250;
const SHOWN = 8;

interface PickerProps {
  label: string;
  /** Null: nobody is chosen yet. */
  value: Person | null;
  onValue: (person: Person | null) => void;
  hint?: string;
  error?: string | undefined;
}

/** Find one person by typing a part of a name or number. Works among ten thousand: the server looks. */
export function PersonPicker({ label, value, onValue, hint, error }: PickerProps) {
  const typed = useSignal('');
  const found = useSignal<readonly Person[] | null>(null);
  const trouble = useSignal<string | null>(null);
  const list = useId();
  useEffect(() => {
    const q = typed.value.trim();
    if (value || !q) {
      found.value = null;
      return undefined;
    }
    const waiting = setTimeout(async () => {
      try {
        found.value = (await answer(api.GET('/api/v1/people', { params: { query: { limit: SHOWN, q } } }))).items;
        remember(found.value);
        trouble.value = null;
      } catch (failure) {
        trouble.value = explain(failure).next;
      }
    }, PAUSE_MS);
    return () => clearTimeout(waiting);
  }, [typed.value, value]);
  const words = t().picker;
  const choose = (one: Person) => {
    typed.value = '';
    onValue(one);
  };
  if (value) {
    return (
      <div class="field">
        <strong>{label}</strong>
        <div class="row spread">
          <span>{called(value)}</span>
          <Button look="quiet" onClick={() => onValue(null)}>
            {words.other}
          </Button>
        </div>
        {error && <p class="error">{error}</p>}
      </div>
    );
  }
  return (
    <div class="stack tight">
      <Field label={label} hint={hint ?? words.hint} error={error ?? trouble.value ?? undefined} required>
        {({ required: _, ...control }) => (
          <input
            {...control}
            type="text"
            autocomplete="off"
            aria-controls={list}
            value={typed.value}
            onInput={(event) => (typed.value = event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.preventDefault();
            }}
          />
        )}
      </Field>
      <ul class="found" id={list} aria-label={words.found}>
        {found.value?.map((one) => (
          <li key={one.id}>
            <Button look="quiet" wide onClick={() => choose(one)}>
              <span>{called(one)}</span> <span class="muted small">{one.employee_number ?? one.telephone ?? one.email}</span>
            </Button>
          </li>
        ))}
      </ul>
      {found.value?.length === 0 && <p class="hint">{words.none}</p>}
    </div>
  );
}
