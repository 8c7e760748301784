/** What the routes of messages and alerts take and give, by the words of the product. Only types and names: the service worker reads it too. */
import type { components } from './schema';

type Schemas = components['schemas'];

export const CHANNELS = ['push', 'sms', 'email', 'apprise'] as const;
export type Channel = (typeof CHANNELS)[number];
export const REPLIES = ['safe', 'need_help', 'on_my_way'] as const;
export type ReplyKind = (typeof REPLIES)[number];
export type DeliveryStatus = 'queued' | 'submitting' | 'retry' | 'unknown' | 'accepted' | 'delivered' | 'failed' | 'expired' | 'withdrawn';
export type Stage = 'draft' | 'approval' | 'scheduled' | 'countdown' | 'active' | 'ended' | 'cancelled' | 'expired' | 'refused';
export type Severity = 'minor' | 'moderate' | 'severe' | 'extreme';
export type Exercise = 'actual' | 'exercise' | 'test';

/** Who it is for: a document of `app/core/target.py`. */
export type Target =
  | { any: Target[] }
  | { all: Target[] }
  | { not: Target }
  | { fence: string }
  | { group: string }
  | { role: string }
  | { site: string }
  | { people: string[] }
  | { on_site: true }
  | { visitors: true | string }
  | { area: string }
  | { everyone: true };

export interface Text {
  subject: string;
  body: string;
}
/** By language. */
export type Texts = Record<string, Text>;

export interface Paged<T> {
  items: T[];
  next_cursor?: string | null;
}

export type Preference = Schemas['PreferenceOut'];
export type PreferenceIn = Schemas['PreferenceIn'];
export type Contact = Schemas['ContactOut'];

export interface MessageIn {
  texts?: Texts;
  template?: { id: string; fields: Record<string, string> };
  target: Target;
  channels: Channel[];
  due_at?: string | null;
  in_their_zone?: boolean;
  asks_reply?: boolean;
}
export type Preview = Schemas['MessagePreviewOut'];
export type MessageLine = Schemas['MessageLineOut'];
export type MessageOut = Schemas['MessageOut'];
export type DeliveryOut = Schemas['MessageDeliveryOut'];

export type TemplateLine = Schemas['TemplateLineOut'];
export type Template = Schemas['TemplateOut'];
export type TemplateVersion = Schemas['TemplateVersionOut'];

export type MineOut = Schemas['MineOut'];
export type InboxReply = Schemas['InboxOut'];
export type Subscription = Schemas['SubscriptionOut'];
export type SubscriptionIn = Schemas['SubscriptionIn'];
