/**
 * Metres on WGS 84, as `app/core/plane.py` has them: near a fix the earth is a plane, degrees times the metres one degree has there.
 * Longitudes are taken the short way round, so 180 and -180 are one place. Circles are measured along the ellipsoid.
 */

const EQUATOR_RADIUS_M = 6_378_137;
const FLATTENING = 1 / 298.257223563;
const ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING);
const RADIANS = Math.PI / 180;

/** Metres in one degree of longitude and in one degree of latitude, at a latitude in degrees. */
export function metresPerDegree(latitude: number): [number, number] {
  const angle = latitude * RADIANS;
  const flat = 1 - ECCENTRICITY_SQUARED * Math.sin(angle) ** 2;
  const primeVerticalM = EQUATOR_RADIUS_M / Math.sqrt(flat);
  const meridianM = (primeVerticalM * (1 - ECCENTRICITY_SQUARED)) / flat;
  return [primeVerticalM * Math.abs(Math.cos(angle)) * RADIANS, meridianM * RADIANS];
}

/**
 * Metres along the ellipsoid between two places.
 * Lambert's formula for long lines (1942), on the reduced latitudes: within 0.001 % up to 3,000 km, and never zero over zero.
 */
export function geodesicM(latitudeA: number, longitudeA: number, latitudeB: number, longitudeB: number): number {
  const a = Math.atan((1 - FLATTENING) * Math.tan(latitudeA * RADIANS));
  const b = Math.atan((1 - FLATTENING) * Math.tan(latitudeB * RADIANS));
  const turn = longitudeB - longitudeA;
  const halfTurn = ((turn - 360 * Math.round(turn / 360)) * RADIANS) / 2;
  const [middle, halfDifference] = [(a + b) / 2, (b - a) / 2];
  const chord = Math.sin(halfDifference) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(halfTurn) ** 2;
  const haversine = Math.min(Math.max(chord, 1e-24), 1 - 1e-12);
  const angle = 2 * Math.asin(Math.sqrt(haversine));
  const x = ((angle - Math.sin(angle)) * (Math.sin(middle) * Math.cos(halfDifference)) ** 2) / (1 - haversine);
  const y = ((angle + Math.sin(angle)) * (Math.cos(middle) * Math.sin(halfDifference)) ** 2) / haversine;
  return EQUATOR_RADIUS_M * (angle - (FLATTENING / 2) * (x + y));
}
