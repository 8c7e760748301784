/**
 * The world in outlines, for maps that ask nobody: Natural Earth (public domain, from world-atlas) as a PMTiles archive.
 *
 * 1. Land and the borders between countries are taken from the 1:10 million atlas, names and places of countries from the same. The atlas
 *    knows a round earth: a ring that crosses the 180th meridian jumps by 360 degrees, and the one around the south pole never closes.
 * 2. geojson-vt cuts them into tiles of zoom 0 to 6, vt-pbf writes each as a vector tile, gzip packs it. Equal tiles are kept once.
 * 3. The archive is a PMTiles v3: header, directory, metadata, tiles in the order of their ids (specification: protomaps/PMTiles, v3).
 *
 * Layers and fields are those of the Protomaps schema, as far as they go, so that one style draws this archive and a detailed one:
 * `earth` (polygons), `boundaries` (kind: country), `places` (kind: country; name, name:en, name:nl, min_zoom).
 *
 * node scripts/basemap.ts FILE
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson';
import GeoJSONVT from 'geojson-vt';
import { zxyToTileId } from 'pmtiles';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import vtpbf from 'vt-pbf';

type Atlas = Topology<{ countries: GeometryCollection<{ name: string }>; land: GeometryCollection }>;
type Land = Feature<MultiPolygon, { name: string }>;

const MAX_ZOOM = 6;
const GZIP = 2;
const MVT = 1;
const HEADER_BYTES = 127;
/** The header and the root directory must be within the first 16 kB, so that one request reads both. */
const ROOT_BYTES = 16_384 - HEADER_BYTES;
/** Square degrees from which a country is named at a zoom: the large ones first. */
const NAMED_FROM: readonly [area: number, zoom: number][] = [
  [300, 1],
  [60, 2],
  [15, 3],
  [3, 4],
  [0.3, 5],
  [0, 6],
];

const atlas = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('world-atlas/countries-10m.json'), 'utf8')) as Atlas;

/** Each layer as GeoJSON. */
function layers(): Record<string, FeatureCollection> {
  const countries = feature(atlas, atlas.objects.countries) as FeatureCollection<Polygon | MultiPolygon, { name: string }>;
  const borders = mesh(atlas, atlas.objects.countries, (one, other) => one !== other);
  return {
    earth: collection((feature(atlas, atlas.objects.land) as FeatureCollection<Polygon | MultiPolygon>).features.map((each) => flat(each))),
    boundaries: collection([{ type: 'Feature', geometry: borders, properties: { kind: 'country' } }]),
    places: collection(countries.features.map((each) => labelled(flat(each)))),
  };
}

const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });

/** A shape of the round earth on a flat one; geojson-vt takes what lies beyond 180 degrees to the other side. */
function flat<Properties>(shape: Feature<Polygon | MultiPolygon, Properties>): Feature<MultiPolygon, Properties> {
  const polygons = shape.geometry.type === 'Polygon' ? [shape.geometry.coordinates] : shape.geometry.coordinates;
  return { ...shape, geometry: { type: 'MultiPolygon', coordinates: polygons.map((rings) => rings.map(unwound)) } };
}

function unwound(ring: Position[]): Position[] {
  let turn = 0;
  const path = ring.map(([x = 0, y = 0], index) => {
    const step = x - (ring[index - 1]?.[0] ?? x);
    turn += step > 180 ? -360 : step < -180 ? 360 : 0;
    return [x + turn, y];
  });
  const [first = [0, 0], last = [0, 0]] = [path[0], path.at(-1)];
  const closed = turn === 0 ? path : [...path, [last[0] ?? 0, -90], [first[0] ?? 0, -90], first];
  const [west, east] = [Math.min(...closed.map(([x = 0]) => x)), Math.max(...closed.map(([x = 0]) => x))];
  const shift = 360 * Math.round((west + east) / 720);
  return closed.map(([x = 0, y = 0]) => [x - shift, y]);
}

/** A country as a point in its largest part, with its names. */
function labelled(country: Land): Feature {
  const { ring, area } = largest(country.geometry);
  const named = (language: string) => nameOf(language, String(country.id ?? '')) ?? country.properties.name;
  const min_zoom = NAMED_FROM.find(([least]) => area >= least)?.[1] ?? MAX_ZOOM;
  const names = { name: country.properties.name, 'name:en': named('en'), 'name:nl': named('nl') };
  return { type: 'Feature', geometry: { type: 'Point', coordinates: middle(ring) }, properties: { kind: 'country', min_zoom, ...names } };
}

/** The name of a country by its number (ISO 3166-1), if it has one: Intl knows numbers as another way to write NL. */
function nameOf(language: string, number: string): string | undefined {
  const region = /^\d{1,3}$/.test(number) ? new Intl.Locale(`und-${number.padStart(3, '0')}`).region : undefined;
  return region && new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }).of(region);
}

function largest(geometry: MultiPolygon): { ring: Position[]; area: number } {
  const rings = geometry.coordinates.map((polygon) => polygon[0] ?? []);
  const sized = rings.map((ring) => ({ ring, area: Math.abs(areaOf(ring)) }));
  return sized.reduce((best, each) => (each.area > best.area ? each : best));
}

const sides = (ring: Position[]): [number, number, number, number][] =>
  ring.slice(1).map(([x2 = 0, y2 = 0], index) => [ring[index]?.[0] ?? 0, ring[index]?.[1] ?? 0, x2, y2]);
const areaOf = (ring: Position[]): number => sides(ring).reduce((sum, [x1, y1, x2, y2]) => sum + x1 * y2 - x2 * y1, 0) / 2;

/** The centroid of a ring. */
function middle(ring: Position[]): Position {
  const six = 6 * areaOf(ring);
  const sum = sides(ring).reduce(
    ([x, y], [x1, y1, x2, y2]) => [x + (x1 + x2) * (x1 * y2 - x2 * y1), y + (y1 + y2) * (x1 * y2 - x2 * y1)] as const,
    [0, 0] as readonly [number, number],
  );
  return [sum[0] / six, sum[1] / six];
}

/** Every tile that has something in it, packed, by id. */
function tiles(): [id: number, packed: Buffer][] {
  const indexes = Object.entries(layers()).map(
    ([name, data]) => [name, new GeoJSONVT(data, { maxZoom: MAX_ZOOM, indexMaxZoom: MAX_ZOOM, buffer: 32 })] as const,
  );
  const found: [number, Buffer][] = [];
  for (let zoom = 0; zoom <= MAX_ZOOM; zoom += 1) {
    for (let x = 0; x < 2 ** zoom; x += 1) {
      for (let y = 0; y < 2 ** zoom; y += 1) {
        const cut = indexes.flatMap(([name, index]) => {
          const tile = index.getTile(zoom, x, y);
          return tile?.features.length ? [[name, tile] as const] : [];
        });
        if (cut.length)
          found.push([zxyToTileId(zoom, x, y), gzipSync(vtpbf.fromGeojsonVt(Object.fromEntries(cut), { version: 2 }), { level: 9 })]);
      }
    }
  }
  return found.sort(([one], [other]) => one - other);
}

interface Entry {
  id: number;
  run: number;
  offset: number;
  bytes: number;
}

/** Entries of the directory and the tiles they lead to; runs of equal tiles are one entry, equal tiles one place. */
function stored(all: [number, Buffer][]): { entries: Entry[]; data: Buffer; contents: number } {
  const places = new Map<string, Entry>();
  const entries: Entry[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  for (const [id, packed] of all) {
    const key = packed.toString('latin1');
    const known = places.get(key);
    const last = entries.at(-1);
    if (known && last && last.offset === known.offset && last.id + last.run === id) {
      last.run += 1;
      continue;
    }
    const entry = { id, run: 1, offset: known?.offset ?? offset, bytes: packed.length };
    entries.push(entry);
    if (known) continue;
    places.set(key, entry);
    data.push(packed);
    offset += packed.length;
  }
  return { entries, data: Buffer.concat(data), contents: data.length };
}

/** The directory: ids, runs, lengths and offsets, each list by itself, as differences where the specification says so. */
function directory(entries: Entry[]): Buffer {
  const numbers = [entries.length];
  entries.forEach(({ id }, index) => numbers.push(id - (entries[index - 1]?.id ?? 0)));
  for (const { run } of entries) numbers.push(run);
  for (const { bytes } of entries) numbers.push(bytes);
  entries.forEach(({ offset }, index) => {
    const before = entries[index - 1];
    numbers.push(before && before.offset + before.bytes === offset ? 0 : offset + 1);
  });
  return gzipSync(Buffer.from(numbers.flatMap(varint)), { level: 9 });
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

/** The whole archive. */
function archive(): Buffer {
  const all = tiles();
  const { entries, data, contents } = stored(all);
  const root = directory(entries);
  if (root.length > ROOT_BYTES) throw new Error(`the directory has ${root.length} bytes: this writer makes no leaves`);
  const fields = {
    earth: {},
    boundaries: { kind: 'String' },
    places: { kind: 'String', min_zoom: 'Number', name: 'String', 'name:en': 'String', 'name:nl': 'String' },
  };
  const vector_layers = Object.entries(fields).map(([id, each]) => ({ id, fields: each, minzoom: 0, maxzoom: MAX_ZOOM }));
  const metadata = gzipSync(JSON.stringify({ name: 'World', attribution: 'Natural Earth', vector_layers }), { level: 9 });
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('PMTiles', 0, 'ascii');
  header.writeUInt8(3, 7);
  const afterRoot = HEADER_BYTES + root.length;
  const afterMetadata = afterRoot + metadata.length;
  const longs = [
    HEADER_BYTES,
    root.length,
    afterRoot,
    metadata.length,
    afterMetadata,
    0,
    afterMetadata,
    data.length,
    all.length,
    entries.length,
    contents,
  ];
  longs.forEach((value, index) => header.writeBigUInt64LE(BigInt(value), 8 + 8 * index));
  header.set([1, GZIP, GZIP, MVT, 0, MAX_ZOOM], 96);
  [-180, -85, 180, 85].forEach((degrees, index) => header.writeInt32LE(degrees * 1e7, 102 + 4 * index));
  return Buffer.concat([header, root, metadata, data]);
}

const file = process.argv[2] ?? 'basemap/world.pmtiles';
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, archive());
