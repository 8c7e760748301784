import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon';
import { t } from './t';

const PAUSE_MS = 250;

/** Look for something while typing; `onValue` comes after a short pause, at once on Enter. Escape empties it. */
export function Search({ label, value, onValue }: { label?: string; value: string; onValue: (value: string) => void }) {
  const [typed, type] = useState(value);
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => type(value), [value]);
  useEffect(() => () => clearTimeout(waiting.current), []);
  const say = (text: string, after_ms: number) => {
    type(text);
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => onValue(text.trim()), after_ms);
  };
  return (
    <form class="search" role="search" onSubmit={(event) => (event.preventDefault(), say(typed, 0))}>
      <Icon name="search" />
      <input
        type="search"
        aria-label={label ?? t().search}
        placeholder={label ?? t().search}
        value={typed}
        enterkeyhint="search"
        onInput={(event) => say(event.currentTarget.value, PAUSE_MS)}
      />
    </form>
  );
}
