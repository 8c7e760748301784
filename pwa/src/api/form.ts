/**
 * One form: its values, whether it is being sent, and what was wrong.
 *
 * `const form = useForm({ name: '' }, (values) => answer(api.POST('/api/v1/sites', { body: values })))`, then
 * `<form {...form.props}> <FormProblem {...form.problem} /> <TextField {...form.field('name')} label={...} required /> <Button {...form.submit}>`.
 * What the browser can check (required, minLength, type) is checked first. A refused field gets the server's words, and the focus.
 * The values stay whatever happens.
 */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { wrongIn } from '../ui/validity';
import { explain, type Explanation } from './explain';

type Values = Record<string, unknown>;

export interface Form<V extends Values> {
  values: V;
  set: (changes: Partial<V>) => void;
  busy: boolean;
  /** For a kit field of this name: its value, what to do when it changes, and what is wrong with it. */
  field: <K extends keyof V & string>(name: K) => { name: K; value: V[K]; onValue: (value: V[K]) => void; error: string | undefined };
  /** For `<FormProblem>`: what is wrong beside the fields shown; nothing when all is well. */
  problem: { explained: Explanation | null };
  /** For `<form>` and for its submit button. */
  props: { noValidate: true; onSubmit: (event: SubmitEvent) => void };
  submit: { type: 'submit'; busy: boolean };
}

export function useForm<V extends Values>(initial: V, send: (values: V) => Promise<unknown>): Form<V> {
  const values = useSignal(initial);
  const busy = useSignal(false);
  const wrong = useSignal<ReadonlyMap<string, string>>(new Map());
  const failure = useSignal<unknown>(null);
  const element = useRef<HTMLFormElement | null>(null);
  const explained = failure.value === null ? null : explain(failure.value);

  useEffect(() => {
    if (explained === null && wrong.value.size === 0) return;
    const first =
      element.current?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? element.current?.querySelector<HTMLElement>('[role="alert"]');
    first?.focus();
  }, [failure.value, wrong.value]);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy.value || !(event.currentTarget instanceof HTMLFormElement)) return;
    element.current = event.currentTarget;
    wrong.value = wrongIn(event.currentTarget);
    failure.value = null;
    if (wrong.value.size > 0) return;
    busy.value = true;
    try {
      await send(values.value);
    } catch (error) {
      failure.value = error;
    } finally {
      busy.value = false;
    }
  };

  return {
    values: values.value,
    set: (changes) => (values.value = { ...values.value, ...changes }),
    busy: busy.value,
    field: (name) => ({
      name,
      value: values.value[name],
      onValue: (value) => {
        values.value = { ...values.value, [name]: value };
        if (wrong.value.has(name)) wrong.value = new Map([...wrong.value].filter(([other]) => other !== name));
      },
      error: wrong.value.get(name) ?? explained?.fields.get(name),
    }),
    problem: { explained },
    props: { noValidate: true, onSubmit: (event) => void submit(event) },
    submit: { type: 'submit', busy: busy.value },
  };
}
