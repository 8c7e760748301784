/** MapLibre, set up once: its worker as a file of ours (the policy allows no other), and PMTiles archives as sources. */
import { addProtocol, Map, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { Protocol } from 'pmtiles';
import type { StyleSpecification } from 'maplibre-gl';

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
  return map;
}
