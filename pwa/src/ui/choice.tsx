import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Field } from './field';

export interface Option<V extends string> {
  value: V;
  label: string;
}

interface SelectProps<V extends string> {
  name: string;
  label: string;
  value: V;
  options: readonly Option<V>[];
  onValue: (value: V) => void;
  hint?: ComponentChildren;
  error?: string | undefined;
  required?: boolean;
}

export function Select<V extends string>({ name, label, value, options, onValue, hint, error, required = true }: SelectProps<V>) {
  return (
    <Field {...{ label, hint, error, required }}>
      {(control) => (
        <select {...control} name={name} value={value} onChange={(event) => onValue(event.currentTarget.value as V)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface TickProps {
  name?: string;
  label: ComponentChildren;
  value: boolean;
  onValue: (value: boolean) => void;
  hint?: ComponentChildren;
  error?: string | undefined;
  required?: boolean;
  disabled?: boolean;
}

function Tick({ role, name, label, value, onValue, hint, error, required, disabled }: TickProps & { role?: 'switch' }) {
  const id = useId();
  return (
    <div class="tick">
      <input
        {...{ id, name, role, required, disabled }}
        type="checkbox"
        checked={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-more` : undefined}
        onChange={(event) => onValue(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {(hint || error) && (
        <p class={error ? 'error' : 'hint'} id={`${id}-more`}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

/** A choice that holds once the form is sent. */
export const Checkbox = (props: TickProps) => <Tick {...props} />;
/** A choice that holds at once. */
export const Switch = (props: TickProps) => <Tick {...props} role="switch" />;

interface ChoiceProps<V extends string> {
  label: string;
  value: V;
  options: readonly Option<V>[];
  onValue: (value: V) => void;
  /** The label is for readers only. */
  quiet?: boolean;
}

/** A few choices side by side, all in sight: a theme, a period, map or list. */
export function Choice<V extends string>({ label, value, options, onValue, quiet = false }: ChoiceProps<V>) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend class={quiet ? 'unseen' : undefined}>{label}</legend>
      <div class="segments">
        {options.map((option) => (
          <label key={option.value}>
            <input type="radio" name={name} checked={option.value === value} onChange={() => onValue(option.value)} />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
