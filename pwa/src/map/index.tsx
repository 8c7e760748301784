/**
 * Maps of geofences. `<MapView label="..." fences={...} selected={id} onSelect={...} />` in a box that has a height; MapLibre is fetched when the
 * first map is shown. A map is never the only way: put a list beside it. There is no layer for people, on purpose.
 */
import { signal } from '@preact/signals';
import type { Map } from 'maplibre-gl';
import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { wordsReady } from '../i18n';
import { Button, Notice } from '../ui';
import type { MapFence } from './features';
import './map.css';
import type { Shape } from './shape';
import { t } from './words';

export type { MapFence } from './features';
export { currentFences, drawnFences, type DrawnFence, type FenceLine } from './fences';
export type { Shape } from './shape';

export interface MapViewProps {
  /** What the map shows, for those who cannot see it: `Geofences of Haven BV`. */
  label: string;
  fences: readonly MapFence[];
  /** The id of a fence that stands out. When it changes, the map moves there unless it is in sight. */
  selected?: string | null;
  /** A fence was pressed, or (null) the ground beside them. */
  onSelect?: (id: string | null) => void;
  /** What to show at first, and again when it changes; otherwise all fences. */
  focus?: readonly Shape[];
  /** For whoever draws over the map: MapLibre's own object once it stands, null when it goes. */
  onMap?: (map: Map | null) => void;
  /** Over the map. */
  children?: ComponentChildren;
}

const loaded = signal<ComponentType<MapViewProps> | null>(null);
const failed = signal(false);

async function load(): Promise<void> {
  if (loaded.peek()) return;
  failed.value = false;
  try {
    const { default: Canvas } = await import('./canvas');
    await wordsReady();
    loaded.value = Canvas;
  } catch (error) {
    console.error(error);
    failed.value = true;
  }
}

export function MapView(props: MapViewProps) {
  useEffect(() => void load(), []);
  const Canvas = loaded.value;
  return (
    <div class="map">
      {Canvas && <Canvas {...props} />}
      {failed.value && (
        <Notice tone="warn" title={t().notFetched} actions={<Button onClick={() => void load()}>{t().retry}</Button>}>
          {t().notFetchedText}
        </Notice>
      )}
      {!Canvas && !failed.value && <p class="map-wait">{t().loading} …</p>}
    </div>
  );
}
