import { area_m2, cornersOf } from '../../map/measure';
import type { Shape } from '../../map/shape';
import { formatArea, formatMetres } from '../../map/units';
import { t } from './words';

/** `Circle with a radius of 120 m`, `Polygon with 5 corners`. */
export function shapeKind(shape: Shape): string {
  const words = t().facts;
  if (shape.kind === 'circle') return words.circle(formatMetres(shape.radius_m));
  const parts = shape.polygons.length;
  return parts > 1 ? words.parts(parts, cornersOf(shape)) : words.polygon(cornersOf(shape));
}

/** The same with its area. */
export const shapeWords = (shape: Shape): string => `${shapeKind(shape)}, ${formatArea(area_m2(shape))}`;
