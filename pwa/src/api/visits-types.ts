/** What the server and the app say to each other about visits: the API's own types, by our words. */
import type { Field } from './kiosk-visits-types';
import type { components } from './schema';

type Schemas = components['schemas'];
/** All values of a type of the API, in the order of the screens: one too many, or one that is missing, does not compile. */
const each =
  <T extends string>() =>
  <const L extends readonly T[]>(list: L & ([T] extends [L[number]] ? unknown : never)): L =>
    list;

export type { Field };
export const FIELDS = each<Field>()(['company', 'telephone', 'email', 'plate', 'photo']);
export type VisitKind = Schemas['VisitTypeOut']['kind'];
export const VISIT_KINDS = each<VisitKind>()(['visitor', 'contractor', 'delivery']);
export type VisitState = Visit['state'];
/** Whoever waits first, then who is here, then who is to come. */
export const VISIT_STATES = each<VisitState>()([
  'waiting',
  'on_site',
  'expected',
  'left_assumed',
  'left_confirmed',
  'refused',
  'cancelled',
]);
export type HostAnswer = Schemas['HostAnswerIn']['answer'];
export const HOST_ANSWERS = each<HostAnswer>()(['coming', 'send_someone', 'not_today']);

/** One visit of one visitor. `stopped`, `unsigned`: null for whoever may not know. */
export type Visit = Schemas['VisitOut'];
/** An agreement that is not signed yet, as it is shown to be signed. */
export type UnsignedText = Schemas['UnsignedTextOut'];
export type Agreed = Schemas['AgreedIn'];
/** With what they told. */
export type VisitWhole = Schemas['VisitWhole'];
/** How many, by one of their kinds; fewer than five visitors are never told. */
export type Cell = Schemas['CellOut'];
export type Statistics = Schemas['StatisticsOut'];

export type Ask = Schemas['AskOut'];
export type VisitType = Schemas['VisitTypeOut'];
export type VisitTypeIn = Schemas['VisitTypeIn'];

/** Somebody who is to be invited. */
export type Invited = Schemas['GuestIn'];
export type Locale = NonNullable<Invited['locale']>;
/** `rule`: an RRULE that ends. */
export type InvitationIn = Schemas['InvitationIn'];
export type InvitationChange = Schemas['InvitationChange'];
export type Invitation = Schemas['InvitationOut'];
/** Somebody who is invited, as far as their host may know. */
export type Guest = Schemas['InvitedOut'];

export type ChainStep = Schemas['ChainStepOut'];
export const CHAIN = each<ChainStep['who']>()(['host', 'delegate', 'department', 'default_host', 'reception']);
export const CHAIN_CHANNELS = each<ChainStep['channels'][number]>()(['push', 'email', 'sms']);
export type VisitSettings = Schemas['VisitSettingsOut'];
export type VisitSettingsIn = Schemas['VisitSettingsIn'];
export type Delegate = Schemas['DelegateOut'];
export type DelegateIn = Schemas['DelegateIn'];

export type Agreement = Schemas['AgreementOut'];
export type AgreementIn = Schemas['AgreementIn'];
export type Denied = Schemas['DenyOut'];
export type DenyIn = Schemas['DenyIn'];
export const REASONS = each<Denied['reason']>()(['violence', 'theft', 'threat', 'trespass', 'other']);

/** One run of deletion, and how many of what it deleted. */
export type Deletion = Schemas['RetentionOut'];
export type Webhook = Schemas['WebhookOut'];
export type WebhookIn = Schemas['WebhookIn'];
export type WebhookChange = Schemas['WebhookChange'];
export const HAPPENINGS = each<Webhook['kinds'][number]>()(['arrived', 'left']);
