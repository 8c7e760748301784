/** A shape from pasted text: GeoJSON (a circle is a Point with radius_m), or WKT. A single place from `52.37, 4.89`. */
import type { Position, Shape } from '../shape';
import { shapeOf } from '../shape';

export type Trouble = 'unreadable' | 'no_area' | 'several' | 'other_system';
export type Read = { shape: Shape } | { trouble: Trouble };

export function readShape(text: string): Read {
  const trimmed = text.trim();
  return trimmed.startsWith('{') || trimmed.startsWith('[') ? readGeoJson(trimmed) : readWkt(trimmed);
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function readGeoJson(text: string): Read {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return { trouble: 'unreadable' };
  }
  if (isObject(found) && found['type'] === 'FeatureCollection' && Array.isArray(found['features'])) {
    if (found['features'].length > 1) return { trouble: 'several' };
    found = found['features'][0] as unknown;
  }
  if (!isObject(found)) return { trouble: 'unreadable' };
  const geometry = found['type'] === 'Feature' ? found['geometry'] : found;
  const properties = isObject(found['properties']) ? found['properties'] : {};
  return isObject(geometry) ? fromGeometry(geometry, properties['radius_m'] ?? found['radius_m']) : { trouble: 'unreadable' };
}

function fromGeometry(geometry: Json, radius: unknown): Read {
  const depth = { Point: 0, Polygon: 2, MultiPolygon: 3 }[String(geometry['type'])];
  if (depth === undefined || (depth === 0 && typeof radius !== 'number')) return { trouble: 'no_area' };
  if (!isNested(geometry['coordinates'], depth)) return { trouble: 'unreadable' };
  return { shape: shapeOf({ geometry, radius_m: depth === 0 ? (radius as number) : null }) };
}

/** Lists of lists, so deep, of positions. */
function isNested(value: unknown, depth: number): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  if (depth > 0) return value.every((part) => isNested(part, depth - 1));
  return value.length >= 2 && value.slice(0, 2).every((number) => typeof number === 'number' && Number.isFinite(number));
}

const WKT = /^(?:SRID\s*=\s*(\d+)\s*;)?\s*([A-Z]+)\s*(?:ZM|Z|M)?\s*(\([\s\S]*\))\s*;?$/i;

function readWkt(text: string): Read {
  const [, system, kind = '', body = ''] = WKT.exec(text) ?? [];
  if (system !== undefined && system !== '4326') return { trouble: 'other_system' };
  const depth = { POLYGON: 2, MULTIPOLYGON: 3 }[kind.toUpperCase().replace(/(ZM|Z|M)$/, '')];
  if (depth === undefined) return { trouble: kind && WKT.test(text) ? 'no_area' : 'unreadable' };
  const lists = body.replace(/[^(),]+/g, (words) => (words.trim() ? `[${words.trim().split(/\s+/).join(',')}]` : ''));
  try {
    const coordinates: unknown = JSON.parse(lists.replaceAll('(', '[').replaceAll(')', ']'));
    return fromGeometry({ type: depth === 2 ? 'Polygon' : 'MultiPolygon', coordinates }, null);
  } catch {
    return { trouble: 'unreadable' };
  }
}

/** A number as people write it: with a point or a comma. */
export function readNumber(text: string): number | null {
  const plain = text.trim().replace(/[°\s]/g, '').replace('−', '-');
  return /^[+-]?\d+([.,]\d+)?$/.test(plain) ? Number(plain.replace(',', '.')) : null;
}

/** `52.3702, 4.8952`, `52,3702 4,8952` or `52.3702; 4.8952`: latitude first, as maps and people say it. */
export function readPlace(text: string): Position | null {
  const parts = text.trim().includes(';')
    ? text.split(';')
    : /,\s/.test(text.trim())
      ? text.split(/,\s/)
      : /\s/.test(text.trim())
        ? text.trim().split(/\s+/)
        : text.split(',');
  const [latitude, longitude] = parts.map((part) => readNumber(part.replace(/,$/, '')));
  if (parts.length !== 2 || latitude == null || longitude == null) return null;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? [longitude, latitude] : null;
}
