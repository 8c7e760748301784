/** What the server and the app say to each other about visits. */
import type { Asked, Field, Locale } from './kiosk-visits-types';

export type { Field, Locale };
export const FIELDS = ['company', 'telephone', 'email', 'plate', 'photo'] as const satisfies readonly Field[];
export const VISIT_KINDS = ['visitor', 'contractor', 'delivery'] as const;
export type VisitKind = (typeof VISIT_KINDS)[number];
export const VISIT_STATES = ['waiting', 'on_site', 'expected', 'left_assumed', 'left_confirmed', 'refused', 'cancelled'] as const;
export type VisitState = (typeof VISIT_STATES)[number];
export const HOST_ANSWERS = ['coming', 'send_someone', 'not_today'] as const;
export type HostAnswer = (typeof HOST_ANSWERS)[number];
export type ByLanguage = Partial<Record<Locale, string>>;

/** One visit of one visitor. `stopped`: null for whoever may not know. `fields`: only when it is asked for by itself. */
export interface Visit {
  id: string;
  visitor_id: string;
  invitation_id: string | null;
  visit_type_id: string;
  type_name: string;
  site_id: string;
  host_id: string | null;
  host_name: string | null;
  name: string;
  state: VisitState;
  stopped: boolean | null;
  expected_from: string;
  expected_until: string;
  arrived_at: string | null;
  left_at: string | null;
  badge_number: number | null;
  host_said: HostAnswer | null;
  deletes_on: string;
  fields?: Partial<Record<Field, string>>;
}

/** How many, by one of their kinds; fewer than five visitors are never told. */
export interface Cell {
  key: string;
  visits: number;
  visitors: number;
}
export type Statistics = Record<'days' | 'hours' | 'types' | 'sites', Cell[]>;

export type Ask = Omit<Asked, 'field'>;
export interface VisitTypeIn {
  name: string;
  kind: VisitKind;
  fields: Partial<Record<Field, Ask>>;
  agreement_ids: string[];
  ends_after_min: number;
  assumed_after_min: number;
  overstay_after_min: number | null;
  walk_in: boolean;
  approval: boolean;
  badge: boolean;
  keep_days: number;
}
export type VisitType = VisitTypeIn & { id: string; retired_at: string | null };

export interface Invited {
  name: string;
  locale?: Locale;
  email?: string;
  telephone?: string;
}
/** `rule`: an RRULE that ends. */
export interface InvitationIn {
  id?: string;
  site_id: string;
  visit_type_id: string;
  host_id?: string | null;
  subject?: string | null;
  starts_at: string;
  ends_at: string;
  rule?: string | null;
  visitors: Invited[];
  tell: boolean;
}
export interface Invitation {
  id: string;
  site_id: string;
  visit_type_id: string;
  host_id: string | null;
  subject: string | null;
  starts_at: string;
  ends_at: string;
  timezone: string;
  rule: string | null;
  visitors: number;
  times: number;
  cancelled_at: string | null;
  deletes_on: string;
}

/** Somebody who is invited, as far as their host may know. */
export interface Guest {
  id: string;
  name: string;
  fields: Record<string, string>;
}

export const CHAIN = ['host', 'delegate', 'department', 'default_host', 'reception'] as const;
export const CHAIN_CHANNELS = ['push', 'email', 'sms'] as const;
export interface ChainStep {
  who: (typeof CHAIN)[number];
  seconds: number;
  channels: (typeof CHAIN_CHANNELS)[number][];
}
export interface VisitSettingsIn {
  default_host_id: string | null;
  reception_group_id: string | null;
  chain: ChainStep[];
  directions: ByLanguage;
  house_rules: ByLanguage;
}
export interface Delegate {
  delegate_id: string | null;
  department_id: string | null;
}
