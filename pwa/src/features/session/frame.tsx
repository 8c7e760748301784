import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Insecure } from '../../app/bars';
import { DeviceChoices } from './device-choices';

/** A screen outside the shell: one column, the brand above it, language and colours below. */
export function Frame({ title, about, children }: { title: string; about?: ComponentChildren; children: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · Muster`;
  }, [title]);
  return (
    <main class="frame">
      <p class="brand">
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M12 3a7 7 0 0 1 7 7c0 5-7 11-7 11S5 15 5 10a7 7 0 0 1 7-7zM9 10l2.2 2.2L15.2 8" />
        </svg>
        <span>Muster</span>
      </p>
      <Insecure />
      <div class="section">
        <h1>{title}</h1>
        {about && <p class="muted">{about}</p>}
        {children}
      </div>
      <DeviceChoices quiet />
    </main>
  );
}
