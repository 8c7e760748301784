/** What the server and the kiosk say to each other about visitors. */

export type Field = 'company' | 'telephone' | 'email' | 'plate' | 'photo';
export type Locale = 'nl' | 'en';

/** One thing that is asked beyond the name: why, and how long it is kept. */
export interface Asked {
  field: Field;
  purpose: Partial<Record<Locale, string>>;
  days: number;
  required: boolean;
}

export interface VisitType {
  id: string;
  name: string;
  kind: string;
  walk_in: boolean;
  badge: boolean;
  keep_days: number;
  fields: Asked[];
  /** Versions of agreements, by id. */
  agreements: string[];
}

/** One version of a text that visitors agree to. */
export interface Agreement {
  version_id: string;
  name: string;
  texts: Partial<Record<Locale, string>>;
  sha256: Partial<Record<Locale, string>>;
}

/** What the site asks of whom. The kiosk keeps it, to receive people without a network. */
export interface Form {
  types: VisitType[];
  agreements: Agreement[];
  house_rules: Partial<Record<Locale, string>>;
}

/** A visit that was found by its code. */
export interface Found {
  visit_id: string;
  name: string;
  visit_type_id: string;
  state: string;
  host: string | null;
  asks: Field[];
  agreements: string[];
}

/** A text as somebody read it and agreed to it. */
export interface Agreed {
  version_id: string;
  locale: Locale;
  sha256: string;
}

/** How somebody is known: by what they scanned or typed, or because the server found them. */
export type Known = { token: string } | { code: string } | { visit_id: string };

export interface WalkIn {
  name: string;
  visit_type_id: string;
  host_name?: string;
}

export interface Arrival extends Partial<{ token: string; code: string; visit_id: string }> {
  walk_in?: WalkIn;
  locale: Locale;
  fields: Partial<Record<Field, string>>;
  agreed: Agreed[];
}

/** What became of an arrival. Anything but `on_site` looks the same to whoever stands there. */
export interface Arrived {
  visit_id: string;
  state: string;
  name: string;
  host: string | null;
  host_known: boolean | null;
  badge: boolean;
  badge_number: number | null;
  deletes_on: string;
}

export interface Standing {
  state: string;
  host: string | null;
  badge_number: number | null;
  qr: string | null;
}

export type Departure = { token: string } | { code: string } | { name: string } | { visit_id: string };
