/** What the server and the kiosk say to each other about visitors. */
import type { components } from './schema';

type Schemas = components['schemas'];

/** One thing that is asked beyond the name: why, and how long it is kept. */
export type Asked = Schemas['AskedOut'];
export type Field = Asked['field'];
export type Locale = Schemas['AgreedIn']['locale'];
/** A kind of visit; `agreements` are versions, by id. */
export type VisitType = Schemas['KioskTypeOut'];
/** One version of a text that visitors agree to. */
export type Agreement = Schemas['KioskAgreementOut'];
/** What the site asks of whom. The kiosk keeps it, to receive people without a network. */
export type Form = Schemas['FormOut'];
/** A visit that was found by its code. */
export type Found = Schemas['FoundOut'];
/** A text as somebody read it and agreed to it. */
export type Agreed = Schemas['AgreedIn'];
/** Somebody whom nobody announced; the host by whole name. */
export interface WalkIn {
  name: string;
  visit_type_id: string;
  host_name?: string;
}
/** What became of an arrival. Anything but `on_site` looks the same to whoever stands there. */
export type Arrived = Schemas['ArrivedOut'];
export type Standing = Pick<Arrived, 'state' | 'host' | 'badge_number'> & { qr: string | null };

/** How somebody is known: by what they scanned or typed, or because the server found them. */
export type Known = { token: string } | { code: string } | { visit_id: string };
export type Departure = Known | { name: string };
/** The outbox adds id and time. */
export interface Arrival extends Partial<Record<'token' | 'code' | 'visit_id', string>> {
  walk_in?: WalkIn;
  locale: Locale;
  fields: Partial<Record<Field, string>>;
  agreed: Agreed[];
}
