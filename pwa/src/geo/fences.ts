/**
 * Which geofences is a fix in? Judged on the phone by the server's own rules, so that no position has to leave it.
 *
 * The fences come from `GET /api/v1/me/fences`, all that hold for the person now. Each fix becomes what `POST /api/v1/sightings` takes: verdicts and
 * the class of the accuracy; the outbox adds the time and the id. A fence in neither list was outside, if the class is within its `max_accuracy_m`. Margins stay in here: three of
 * them are a position.
 */

import { type Area, Border } from './border';
import { accuracyClassM, judge, knownM, reachM, type Verdict } from './judge';
import { geodesicM } from './plane';

/** A geofence as the server tells it: GeoJSON, of a circle its centre and `radius_m`. */
export interface ToldFence {
  readonly id: string;
  readonly geometry: { readonly [name: string]: unknown };
  readonly radius_m: number | null;
  readonly policy: { readonly [name: string]: number };
}

/** One measured place. It is never kept. */
export interface Fix {
  readonly latitude: number;
  readonly longitude: number;
  /** Radius of 68 % in metres; null when the phone does not know. */
  readonly accuracyM: number | null;
}

/** What one fix says. Neither coordinates nor distances. */
export interface Sighting {
  readonly inside: string[];
  readonly unclear: string[];
  readonly accuracy_class_m: number;
  readonly fence_set: string;
}

/** The geofences that hold for a person, ready to judge by. */
export class Fences {
  readonly #name: string;
  readonly #fences: Fence[];

  /** Throws `RangeError` when a geometry cannot be read. */
  constructor(told: { readonly fence_set: string; readonly fences: readonly ToldFence[] }) {
    this.#name = told.fence_set;
    this.#fences = told.fences.map((fence) => new Fence(fence)).sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  /** What a fix says about all of them. */
  sight(fix: Fix): Sighting {
    const said = this.#fences
      .filter((fence) => knownM(fix.accuracyM) <= fence.maxAccuracyM)
      .map((fence) => [fence.id, fence.verdict(fix)] as const);
    const named = (verdict: Verdict): string[] => said.filter(([, found]) => found === verdict).map(([id]) => id);
    return {
      inside: named('inside'),
      unclear: named('unclear'),
      accuracy_class_m: accuracyClassM(knownM(fix.accuracyM)),
      fence_set: this.#name,
    };
  }
}

/** One geofence, ready to judge by. */
export class Fence {
  readonly id: string;
  readonly maxAccuracyM: number;
  readonly #leaveMarginM: number;
  readonly #marginM: (fix: Fix, reachM: number) => number;

  constructor(told: ToldFence) {
    this.id = told.id;
    this.maxAccuracyM = numberOf(told.policy['max_accuracy_m']);
    this.#leaveMarginM = numberOf(told.policy['leave_margin_m']);
    this.#marginM =
      told.radius_m === null ? marginOfArea(areaOf(told.geometry)) : marginOfCircle(told.geometry['coordinates'], told.radius_m);
  }

  /** What a fix says about this fence; unclear when it is not accurate enough for it. */
  verdict(fix: Fix): Verdict {
    const accuracyM = knownM(fix.accuracyM);
    if (accuracyM > this.maxAccuracyM) return 'unclear';
    return judge(this.#marginM(fix, reachM(accuracyM, this.#leaveMarginM)), accuracyM, this.#leaveMarginM);
  }
}

function marginOfArea(area: Area): (fix: Fix, reachM: number) => number {
  const border = new Border(area);
  return (fix, reach) => border.marginM(fix.latitude, fix.longitude, reach);
}

function marginOfCircle(centre: unknown, radiusM: number): (fix: Fix) => number {
  const [longitude, latitude] = (Array.isArray(centre) ? centre : []).map(numberOf);
  const [east, north, radius] = [numberOf(longitude), numberOf(latitude), numberOf(radiusM)];
  return (fix) => radius - geodesicM(north, east, fix.latitude, fix.longitude);
}

function areaOf(geometry: ToldFence['geometry']): Area {
  const coordinates = geometry['coordinates'];
  if (geometry['type'] === 'Polygon') return [coordinates] as Area;
  if (geometry['type'] === 'MultiPolygon') return coordinates as Area;
  throw new RangeError('a geofence is a Polygon, a MultiPolygon or a circle');
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new RangeError('a geofence with something that is no number');
  return value;
}
