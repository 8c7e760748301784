declare module 'geojson-vt' {
  import type { FeatureCollection } from 'geojson';
  export interface Tile {
    features: readonly unknown[];
  }
  export default class GeoJSONVT {
    constructor(data: FeatureCollection, options: { maxZoom: number; indexMaxZoom: number; buffer: number });
    getTile(z: number, x: number, y: number): Tile | null;
  }
}
declare module 'vt-pbf' {
  import type { Tile } from 'geojson-vt';
  const vtpbf: { fromGeojsonVt(layers: Record<string, Tile>, options: { version: number }): Uint8Array };
  export default vtpbf;
}
