/** What the server and the kiosk say to each other about visitors. */
import type { components } from './schema';

type Schemas = components['schemas'];
/** As we send it: what is not said is left out, never null. */
type Said<T> = { [K in keyof T]: Exclude<T[K], null> };
/** Exactly one of these. */
type OneOf<T, K extends keyof T> = { [P in K]-?: { [Q in P]-?: NonNullable<T[Q]> } }[K];

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
export type WalkIn = Said<Schemas['WalkInIn']>;
/** What became of an arrival. Anything but `on_site` looks the same to whoever stands there. */
export type Arrived = Schemas['ArrivedOut'];
export type Standing = Schemas['VisitStandingOut'];

/** How somebody is known: by what they scanned or typed, or because the server found them. */
export type Known = OneOf<Schemas['DepartureIn'], 'token' | 'code' | 'visit_id'>;
export type Departure = OneOf<Schemas['DepartureIn'], 'token' | 'code' | 'visit_id' | 'name'>;
/** The outbox adds id and time. */
export type Arrival = Said<Pick<Schemas['ArrivalIn'], 'token' | 'code' | 'visit_id'>> &
  Required<Pick<Schemas['ArrivalIn'], 'locale' | 'agreed'>> & { walk_in?: WalkIn; fields: Said<Schemas['FieldsIn']> };
