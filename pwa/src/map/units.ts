/** Lengths, areas and places in words of the language. */
import { formatNumber } from '../i18n';
import type { Position } from './shape';

const fixed = (value: number, digits: number) => formatNumber(value, { maximumFractionDigits: digits, minimumFractionDigits: 0 });

/** `84.5 m`, `1,250 m`, `12.4 km` */
export function formatMetres(metres: number): string {
  if (metres < 100) return `${fixed(metres, 1)} m`;
  return metres < 10_000 ? `${fixed(metres, 0)} m` : `${fixed(metres / 1000, 1)} km`;
}

/** `640 m²`, `125,000 m²`, `3.2 km²` */
export const formatArea = (square_m: number): string =>
  square_m < 1_000_000 ? `${fixed(square_m, 0)} m²` : `${fixed(square_m / 1e6, 2)} km²`;

/** `52.37021`: about a metre. Always with a point, as it is pasted elsewhere. */
export const formatDegrees = (degrees: number): string => String(Number(degrees.toFixed(6)));

/** Latitude first, as people say it. */
export const formatPlace = ([longitude, latitude]: Position): string => `${formatDegrees(latitude)}, ${formatDegrees(longitude)}`;
