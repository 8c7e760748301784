/** Alerts, their board and staffing rules over HTTP. Every call throws `Failure`. */
import { uuid } from '../offline/seal';
import { answer, api, send, tagged } from './client';
import { failureFrom, failureOf } from './failure';
import type { Exercise, Severity, Target, Texts } from './messaging-types';
import type { components } from './schema';

type Schemas = components['schemas'];

export const SEVERITIES = ['minor', 'moderate', 'severe', 'extreme'] as const satisfies readonly Severity[];
export const EXERCISES = ['actual', 'exercise', 'test'] as const satisfies readonly Exercise[];

/** As the composer makes it: nothing left to what the server fills in, and a target whose leaves are typed. */
export type AlertIn = Omit<Schemas['AlertIn'], 'exercise' | 'severity' | 'target' | 'texts'> & {
  exercise: Exercise;
  severity: Severity;
  target: Target;
  texts?: Texts;
};
export type Plan = Schemas['PlanIn'];
export type AlertPreview = Schemas['AlertPreviewOut'];
export type AlertLine = Schemas['AlertLineOut'];
export type Alert = Schemas['AlertOut'];
export type Tally = Schemas['TallyOut'];
export type AlertRecipient = Schemas['RecipientOut'];
export type AlertDelivery = AlertRecipient['deliveries'][number];
export type UpdateIn = Schemas['UpdateIn'];
export type StaffingRule = Schemas['RuleOut'];
export type StaffingRuleIn = Schemas['RuleIn'];

const page = (cursor: string | undefined, limit: number) => ({ limit, ...(cursor && { cursor }) });
const alert = (alert_id: string) => ({ path: { alert_id } });
const rule = (rule_id: string) => ({ path: { rule_id } });

export const previewAlert = (body: AlertIn) => answer(api.POST('/api/v1/alerts/preview', { body }));
export const alerts = (query: { stage?: AlertLine['stage'] }, cursor?: string) =>
  answer(api.GET('/api/v1/alerts', { params: { query: { ...query, ...page(cursor, 50) } } }));
export const readAlert = (id: string) => answer(api.GET('/api/v1/alerts/{alert_id}', { params: alert(id) }));
export type RecipientState = NonNullable<Schemas['RecipientsQuery']['state']>;
export const recipients = (id: string, state: RecipientState | '', cursor?: string) =>
  answer(
    api.GET('/api/v1/alerts/{alert_id}/recipients', { params: { ...alert(id), query: { ...(state && { state }), ...page(cursor, 100) } } }),
  );

export const readSettings = () => answer(api.GET('/api/v1/messaging-settings'));

const ACTS = {
  activation: '/api/v1/alerts/{alert_id}/activation',
  approval: '/api/v1/alerts/{alert_id}/approval',
  refusal: '/api/v1/alerts/{alert_id}/refusal',
  cancellation: '/api/v1/alerts/{alert_id}/cancellation',
  ending: '/api/v1/alerts/{alert_id}/ending',
} as const;
/** What may be done to an alert in its life. */
export type Act = keyof typeof ACTS;
/** A draft with its version, to be changed. */
export const readDraft = (id: string) => tagged(api.GET('/api/v1/alerts/{alert_id}', { params: alert(id) }));
export const editDraft = (id: string, body: AlertIn, etag: string) =>
  tagged(api.PUT('/api/v1/alerts/{alert_id}', { params: { ...alert(id), header: { 'If-Match': etag } }, body }));
export const act = (id: string, what: Act) => answer(api.POST(ACTS[what], { params: alert(id) }));
export const sendUpdate = (id: string, body: UpdateIn) =>
  answer(api.POST('/api/v1/alerts/{alert_id}/updates', { params: { ...alert(id), header: { 'Idempotency-Key': uuid() } }, body }));

export const capAddress = (id: string): string => `/api/v1/alerts/${id}/cap`;
/** A draft from a CAP message. The body is no JSON, so `api` cannot send it. */
export async function fromCap(xml: string): Promise<AlertLine> {
  const headers = { 'Content-Type': 'application/cap+xml', 'Idempotency-Key': uuid() };
  const response = await send(new Request('/api/v1/cap', { method: 'POST', headers, body: xml })).catch((error: unknown) => {
    throw failureFrom(error);
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw failureOf(response, body);
  return body as AlertLine;
}

export const staffingRules = (cursor?: string) => answer(api.GET('/api/v1/staffing-rules', { params: { query: page(cursor, 200) } }));
export const addStaffingRule = (body: StaffingRuleIn) =>
  answer(api.POST('/api/v1/staffing-rules', { params: { header: { 'Idempotency-Key': uuid() } }, body }));
export const readStaffingRule = (id: string) => tagged(api.GET('/api/v1/staffing-rules/{rule_id}', { params: rule(id) }));
export const editStaffingRule = (id: string, body: Schemas['RuleChange'], etag: string) =>
  answer(api.PATCH('/api/v1/staffing-rules/{rule_id}', { params: { ...rule(id), header: { 'If-Match': etag } }, body }));
/** Out of use, whatever version holds now. */
export const retireStaffingRule = async (id: string) => editStaffingRule(id, { retired: true }, (await readStaffingRule(id)).etag);
