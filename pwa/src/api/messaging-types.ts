/** What the routes of messages and alerts take and give. Only types and names, so that the service worker may read it too. */
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

export interface Reach {
  push: boolean;
  sms: boolean;
  email: boolean;
}
export interface Preference {
  /** Null: the organization's order. */
  channels: Channel[] | null;
  quiet_from: string | null;
  quiet_until: string | null;
  opted_out_at: string | null;
  opted_out_by: 'person' | 'stop' | 'link' | 'manager' | null;
}
export interface PreferenceIn {
  channels: Channel[] | null;
  quiet_from: string | null;
  quiet_until: string | null;
  opted_out: boolean;
}
export interface Contact extends Preference {
  id: string;
  name: string | null;
  telephone: string | null;
  email: string | null;
  locale: string | null;
  reach: Reach;
}

export interface MessageIn {
  texts?: Texts;
  template?: { id: string; fields: Record<string, string> };
  target: Target;
  channels: Channel[];
  due_at?: string | null;
  in_their_zone?: boolean;
  asks_reply?: boolean;
}
export interface Preview {
  people: number;
  channels: {
    push?: { people: number };
    email?: { people: number };
    sms?: { people: number; parts: number; encoding: string; costly_characters: string[]; cost_cents: number | null };
    apprise?: { people: number };
  };
  unreachable: { person_id: string; name: string | null; reason: string }[];
  unreachable_count: number;
}
export interface MessageLine {
  id: string;
  kind: 'message' | 'alert';
  exercise: Exercise;
  stage: Stage;
  subject: string | null;
  sender: string | null;
  created_at: string;
  due_at: string | null;
  active_at: string | null;
  people: number | null;
}
export interface Tally {
  people: number;
  handed_over: number;
  delivered: number;
  failed: number;
  unknown: number;
  replies?: Partial<Record<ReplyKind, number>>;
}
export interface MessageOut extends MessageLine {
  texts: Texts;
  target: Target;
  channels: Channel[];
  in_their_zone: boolean;
  asks_reply: boolean;
  ended_at: string | null;
  counts: Tally;
}
export interface DeliveryOut {
  person_id: string;
  name: string | null;
  channel: Channel | null;
  status: DeliveryStatus | null;
  reason: string | null;
  at: string | null;
  may_be_double: boolean;
}

export interface TemplateLine {
  id: string;
  name: string;
  number: number;
  retired_at: string | null;
}
export interface Template extends TemplateLine {
  texts: Texts;
  fields: string[];
}
export interface TemplateVersion {
  number: number;
  texts: Texts;
  created_at: string;
  changed_by: string | null;
}

export interface MineOut {
  id: string;
  kind: 'message' | 'alert';
  exercise: Exercise;
  severity: Severity;
  stage: Stage;
  subject: string;
  body: string;
  at: string;
  asks_reply: boolean;
  reply: ReplyKind | null;
  replied_at: string | null;
  updates?: { kind: string; subject: string; body: string; at: string }[];
}
export interface InboxReply {
  id: string;
  message_id: string | null;
  person_id: string | null;
  name: string | null;
  sender: string | null;
  kind: ReplyKind | 'text' | 'stop' | 'start' | 'unknown';
  channel: 'app' | 'link' | 'sms' | 'email';
  text: string | null;
  said_at: string;
  read_at: string | null;
}
export interface Subscription {
  id: string;
  browser: string;
  created_at: string;
  last_ok_at: string | null;
}
export interface SubscriptionIn {
  endpoint: string;
  p256dh: string;
  auth: string;
  browser: string;
}
