/** Alerts, their board and staffing rules over HTTP. Every call throws `Failure`. Written by hand until the server's description has these routes. */
import { answer, api, tagged } from './client';
import type { Channel, DeliveryStatus, Exercise, Paged, Preview, ReplyKind, Severity, Stage, Target, Texts } from './messaging';

export const SEVERITIES = ['minor', 'moderate', 'severe', 'extreme'] as const satisfies readonly Severity[];
export const EXERCISES = ['actual', 'exercise', 'test'] as const satisfies readonly Exercise[];

/** How it goes on: channel after channel, round after round; and what happens on silence. */
export interface Plan {
  channels: Channel[];
  seconds_between: number;
  rounds: number;
  on_silence: { tell_sender: true } | { group: string } | null;
  quorum: { reply: ReplyKind; count: number } | null;
}

export interface AlertIn {
  exercise: Exercise;
  severity: Severity;
  texts?: Texts;
  template?: { id: string; fields: Record<string, string> };
  target: Target;
  /** GeoJSON of an area drawn for this alert; a circle is a Point with a radius. */
  area?: { geometry: Record<string, unknown>; radius_m: number | null };
  channels?: Channel[];
  plan?: Partial<Plan>;
  asks_reply: boolean;
  late_entry: boolean;
  expires_at?: string;
  draft?: boolean;
}

export interface AlertPreview extends Preview {
  /** Of `people`: how many are only possibly there, because their fence only touches the area. */
  possibly: number;
  /** People of whom it is not known whether they are there. */
  unknown: number;
}

export interface AlertLine {
  id: string;
  exercise: Exercise;
  severity: Severity;
  stage: Stage;
  subject: string | null;
  sender_id: string | null;
  sender: string | null;
  created_at: string;
  due_at: string | null;
  active_at: string | null;
  ended_at: string | null;
  cap_identifier: string | null;
  people: number | null;
}

export interface Tally {
  people: number;
  handed_over: number;
  delivered: number;
  failed: number;
  unknown: number;
  replies: Record<ReplyKind, number>;
  silent: number;
  late: number;
  possibly: number;
}

export interface Update {
  number: number;
  kind: 'update' | 'all_clear' | 'cancel';
  texts: Texts;
  at: string;
  sender: string | null;
}

export interface Alert extends AlertLine {
  texts: Texts;
  target: Target;
  channels: Channel[];
  plan: Plan | null;
  asks_reply: boolean;
  late_entry: boolean;
  expires_at: string | null;
  approved_by: string | null;
  revision: number;
  tally: Tally;
  quorum: { reply: ReplyKind; count: number; reached: number } | null;
  updates: Update[];
}

export interface AlertDelivery {
  channel: Channel;
  status: DeliveryStatus;
  reason: string | null;
  at: string;
  may_be_double: boolean;
  update_number?: number;
}
export interface AlertRecipient {
  person_id: string;
  name: string | null;
  reply: ReplyKind | null;
  replied_at: string | null;
  late: boolean;
  possibly: boolean;
  unreachable?: string | null;
  deliveries: AlertDelivery[];
}

export interface StaffingRule {
  id: string;
  name: string;
  group_id: string;
  fence_id: string;
  at_least: number;
  weekdays: number[];
  starts_at: string;
  ends_at: string;
  warns_group_id: string;
  below_since: string | null;
  retired_at: string | null;
}
export type StaffingRuleIn = Omit<StaffingRule, 'id' | 'below_since' | 'retired_at'>;

type Ask = (path: string, init?: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>;
const by = api as unknown as { GET: Ask; POST: Ask; PATCH: Ask };
const get = <T>(path: string, query: Record<string, unknown> = {}) => answer(by.GET(path, { params: { query } })) as Promise<T>;
const post = <T>(path: string, body?: object) =>
  answer(by.POST(path, { ...(body && { body }), headers: { 'Idempotency-Key': crypto.randomUUID() } })) as Promise<T>;
const page = (cursor: string | undefined, limit: number) => ({ limit, ...(cursor && { cursor }) });

export const previewAlert = (body: AlertIn) => post<AlertPreview>('/api/v1/alerts/preview', body);
export const alerts = (query: { stage?: string }, cursor?: string) =>
  get<Paged<AlertLine>>('/api/v1/alerts', { ...query, ...page(cursor, 50) });
export const readAlert = (id: string) => get<Alert>(`/api/v1/alerts/${id}`);
export const recipients = (id: string, state: string, cursor?: string) =>
  get<Paged<AlertRecipient>>(`/api/v1/alerts/${id}/recipients`, { ...(state && { state }), ...page(cursor, 100) });

export const readSettings = () => get<{ countdown_s: number; approval: boolean }>('/api/v1/messaging-settings');

/** What may be done to an alert in its life. */
export type Act = 'activation' | 'approval' | 'refusal' | 'cancellation' | 'ending';
export const act = (id: string, what: Act) => post<AlertLine>(`/api/v1/alerts/${id}/${what}`);
export const sendUpdate = (id: string, body: { kind: Update['kind']; texts: Texts }) => post<unknown>(`/api/v1/alerts/${id}/updates`, body);

export const capAddress = (id: string): string => `/api/v1/alerts/${id}/cap`;
export const fromCap = (xml: string) =>
  answer(
    by.POST('/api/v1/cap', { body: xml, bodySerializer: (text: string) => text, headers: { 'Content-Type': 'application/cap+xml' } }),
  ) as Promise<AlertLine>;

export const staffingRules = (cursor?: string) => get<Paged<StaffingRule>>('/api/v1/staffing-rules', page(cursor, 200));
export const addStaffingRule = (body: StaffingRuleIn) => post<StaffingRule>('/api/v1/staffing-rules', body);
export const readStaffingRule = (id: string) =>
  tagged(by.GET(`/api/v1/staffing-rules/${id}`)) as Promise<{ value: StaffingRule; etag: string }>;
export const editStaffingRule = (id: string, body: Partial<StaffingRuleIn> & { retired?: boolean }, etag: string) =>
  answer(by.PATCH(`/api/v1/staffing-rules/${id}`, { body, headers: { 'If-Match': etag } })) as Promise<StaffingRule>;
/** Out of use, whatever version holds now. */
export const retireStaffingRule = async (id: string) => editStaffingRule(id, { retired: true }, (await readStaffingRule(id)).etag);
