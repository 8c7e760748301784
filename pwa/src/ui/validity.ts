import { t } from './t';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** What the browser finds wrong with a field, in our words: its own come in its own language. The empty string when nothing is. */
export function wrongWith(control: Control): string {
  const { validity } = control;
  const words = t().wrong;
  if (validity.valid) return '';
  if (validity.valueMissing) return control.type === 'checkbox' ? words.unticked : words.missing;
  if (validity.tooShort) return words.short((control as HTMLInputElement).minLength);
  if (validity.tooLong) return words.long((control as HTMLInputElement).maxLength);
  if (validity.rangeUnderflow) return words.low((control as HTMLInputElement).min);
  if (validity.rangeOverflow) return words.high((control as HTMLInputElement).max);
  if (validity.typeMismatch && control.type === 'email') return words.email;
  return words.other;
}

/** Every field of a form that the browser finds wrong: name to words. */
export function wrongIn(form: HTMLFormElement): Map<string, string> {
  const found = new Map<string, string>();
  for (const control of form.elements) {
    if (!(control instanceof HTMLInputElement || control instanceof HTMLSelectElement || control instanceof HTMLTextAreaElement)) continue;
    const words = control.name ? wrongWith(control) : '';
    if (words && !found.has(control.name)) found.set(control.name, words);
  }
  return found;
}
