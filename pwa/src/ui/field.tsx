import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Button } from './button';
import { Icon } from './icon';
import { t } from './t';

interface Labelled {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  required?: boolean;
}

/** Label, hint, control and what is wrong, tied together. `children` gets what the control needs. */
export function Field({
  label,
  hint,
  error,
  required = false,
  children,
}: Labelled & {
  children: (control: {
    id: string;
    required: boolean;
    'aria-invalid': boolean;
    'aria-describedby': string | undefined;
  }) => ComponentChildren;
}) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>
        {label} {!required && <span class="muted">({t().optional})</span>}
      </label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({ id, required, 'aria-invalid': Boolean(error), 'aria-describedby': described || undefined })}
      {error && (
        <p class="error" id={`${id}-error`}>
          <Icon name="alert" /> {error}
        </p>
      )}
    </div>
  );
}

export interface TextProps extends Labelled {
  name: string;
  value: string;
  onValue: (value: string) => void;
  type?: 'text' | 'email' | 'tel' | 'url' | 'date' | 'time' | 'datetime-local' | 'month';
  autocomplete?: string;
  inputMode?: 'text' | 'numeric' | 'decimal';
  minLength?: number;
  maxLength?: number;
  min?: string;
  max?: string;
  placeholder?: string;
  autofocus?: boolean;
  readOnly?: boolean;
  /** More than one line. */
  rows?: number;
}

export function TextField({
  name,
  value,
  onValue,
  type = 'text',
  autofocus,
  rows,
  label,
  hint,
  error,
  required = false,
  ...more
}: TextProps) {
  return (
    <Field {...{ label, hint, error, required }}>
      {(control) =>
        rows ? (
          <textarea {...control} {...more} name={name} rows={rows} value={value} onInput={(event) => onValue(event.currentTarget.value)} />
        ) : (
          <input
            {...control}
            {...more}
            name={name}
            type={type as 'text' /* Preact's types want one input for each type */}
            value={value}
            autofocus={autofocus}
            autocapitalize={more.autocomplete === 'username' ? 'none' : undefined}
            spellcheck={more.autocomplete ? false : undefined}
            onInput={(event) => onValue(event.currentTarget.value)}
          />
        )
      }
    </Field>
  );
}

export interface NumberProps extends Labelled {
  name: string;
  value: number | null;
  onValue: (value: number | null) => void;
  min?: number;
  max?: number;
  step?: number | 'any';
  /** Shown behind the number: `m`, `min`. */
  unit?: string;
}

export function NumberField({ name, value, onValue, min, max, step = 1, unit, label, hint, error, required = false }: NumberProps) {
  return (
    <Field {...{ label, hint, error, required }}>
      {(control) => (
        <span class="with-unit">
          <input
            {...control}
            {...{ name, min, max, step }}
            type="number"
            inputMode={step === 1 ? 'numeric' : 'decimal'}
            value={value ?? ''}
            onInput={({ currentTarget }) => onValue(currentTarget.value === '' ? null : currentTarget.valueAsNumber)}
          />
          {unit && <span class="muted">{unit}</span>}
        </span>
      )}
    </Field>
  );
}

export interface PasswordProps extends Omit<TextProps, 'type' | 'rows'> {
  autocomplete: 'current-password' | 'new-password';
}

/** A password, which may be looked at, pasted, and filled in by a manager of passwords. */
export function PasswordField({
  name,
  value,
  onValue,
  label,
  hint,
  error,
  required = true,
  autofocus,
  minLength,
  maxLength,
  autocomplete,
}: PasswordProps) {
  const [shown, show] = useState(false);
  return (
    <Field {...{ label, hint, error, required }}>
      {(control) => (
        <span class="with-button">
          <input
            {...control}
            {...{ name, value, autofocus, minLength, maxLength, autocomplete }}
            type={(shown ? 'text' : 'password') as 'text'}
            autocapitalize="none"
            spellcheck={false}
            onInput={(event) => onValue(event.currentTarget.value)}
          />
          <Button
            look="quiet"
            icon="eye"
            label={shown ? t().hidePassword : t().showPassword}
            pressed={shown}
            onClick={() => show(!shown)}
          />
        </span>
      )}
    </Field>
  );
}
