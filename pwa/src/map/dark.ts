import { computed, signal } from '@preact/signals';
import { theme } from '../app/theme';

const query = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-color-scheme: dark)');
const device = signal(query?.matches ?? false);
query?.addEventListener('change', (event) => (device.value = event.matches));

/** Whether the screen is dark now: as chosen, or as the device is. CSS knows by itself; a canvas must be told. */
export const isDark = computed(() => (theme.value === 'system' ? device.value : theme.value === 'dark'));
