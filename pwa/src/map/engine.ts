/** MapLibre, set up once: its worker as a file of ours (the policy allows no other), and PMTiles archives as sources. */
import { addProtocol, Map, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { Protocol } from 'pmtiles';
import type { StyleSpecification } from 'maplibre-gl';

/** Between two pictures of a moving map: what takes longer is seen to stutter. */
const SLOW_MS = 50;
const COARSE = 0.5;

setWorkerUrl(workerUrl);
addProtocol('pmtiles', new Protocol().tile);

/** Without rotation and pitch: they help nobody to find a fence, and get in the way of a finger. Throws where there is no WebGL 2. */
export function newMap(container: HTMLElement, style: StyleSpecification, label: string): Map {
  const map = new Map({
    container,
    style,
    center: [5.3, 52.2],
    zoom: 5,
    maxZoom: 20,
    attributionControl: false,
    dragRotate: false,
    touchPitch: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    locale: { 'Map.Title': label },
  });
  map.keyboard.disableRotation();
  map.touchZoomRotate.disableRotation();
  map.addControl(new ScaleControl({ maxWidth: 120 }), 'bottom-left');
  coarserWhereSlow(map);
  return map;
}

/**
 * Where a picture takes long to draw (no graphics processor, an old phone) the map is drawn coarser while it moves, and sharp again as soon as it
 * rests: a hand that drags looks at where things go, not at their edges. Where drawing is quick nothing changes.
 */
function coarserWhereSlow(map: Map): void {
  let before_ms: number | null = null;
  let isSlow = false;
  let isCoarse = false;
  let isGone = false;
  const draw = (coarse: boolean) => {
    isCoarse = coarse;
    map.setPixelRatio(devicePixelRatio * (coarse ? COARSE : 1));
  };
  map.on('movestart', () => {
    before_ms = null;
    isSlow = false;
  });
  // A canvas is empty once its size is changed: so only where it is drawn upon right behind it.
  map.on('move', () => {
    if (isSlow && !isCoarse) draw(true);
  });
  map.on('render', () => {
    const now_ms = performance.now();
    isSlow ||= before_ms !== null && now_ms - before_ms > SLOW_MS;
    before_ms = map.isMoving() ? now_ms : null;
  });
  map.on('moveend', () =>
    requestAnimationFrame(() => {
      if (!isCoarse || isGone || map.isMoving()) return;
      draw(false);
      map.redraw();
    }),
  );
  map.on('remove', () => (isGone = true));
}
