import { effect, signal } from '@preact/signals';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
const KEPT = 'theme';

const read = (): Theme => THEMES.find((known) => known === localStorage.getItem(KEPT)) ?? 'system';

/** Light, dark, or as the device is set. Kept on this device. */
export const theme = signal<Theme>(read());

export function setTheme(next: Theme): void {
  theme.value = next;
  localStorage.setItem(KEPT, next);
}

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});
