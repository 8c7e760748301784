/** Visits over HTTP. Every call throws `Failure`. Arrivals, departures and hosts' answers go through the outbox. */
import { answer, api, everyPage, tagged } from './client';
import type { components } from './schema';
import type {
  Agreed,
  AgreementIn,
  DelegateIn,
  DenyIn,
  InvitationChange,
  InvitationIn,
  Invited,
  VisitSettingsIn,
  VisitTypeIn,
  WebhookChange,
  WebhookIn,
} from './visits-types';

export * from './visits-types';

const match = (etag: string) => ({ 'If-Match': etag });

export const dayList = (site_id: string, on: string) =>
  everyPage((cursor) => answer(api.GET('/api/v1/visits', { params: { query: { site_id, on, limit: 200, ...(cursor && { cursor }) } } })));
export const myVisits = () => answer(api.GET('/api/v1/me/visits'));
export const readVisit = (visit_id: string) => tagged(api.GET('/api/v1/visits/{visit_id}', { params: { path: { visit_id } } }));
export const history = ({ name, ...period }: { name: string; from: string; until: string }, cursor?: string) =>
  answer(
    api.GET('/api/v1/visits/history', { params: { query: { ...period, limit: 50, ...(name && { name }), ...(cursor && { cursor }) } } }),
  );
export const statistics = (from: string, until: string) =>
  answer(api.GET('/api/v1/visits/statistics', { params: { query: { from, until } } }));
export const exportAddress = (from: string, until: string) => `/api/v1/visits/export?${new URLSearchParams({ from, until })}`;
export const badgeAddress = (id: string, format: 'pdf' | 'label') => `/api/v1/visits/${id}/badge?format=${format}`;
/** A visitor's photo, to show and to keep nowhere: a `data:` URL. */
export async function readPhoto(visit_id: string): Promise<string> {
  const picture = await answer(api.GET('/api/v1/visits/{visit_id}/photo', { params: { path: { visit_id } }, parseAs: 'blob' }));
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(picture);
  });
}
export const walkIn = (body: components['schemas']['ReceptionWalkInIn']) => answer(api.POST('/api/v1/visits', { body }));
export const correct = (visit_id: string, body: { name: string }, etag: string) =>
  answer(api.PATCH('/api/v1/visits/{visit_id}', { params: { path: { visit_id }, header: match(etag) }, body }));
export const decide = (visit_id: string, how: 'approval' | 'refusal') =>
  answer(api.POST(`/api/v1/visits/{visit_id}/${how}`, { params: { path: { visit_id } } }));
/** What somebody did not agree to yet, with the newest texts. */
export const readUnsigned = (visit_id: string) =>
  answer(api.GET('/api/v1/visits/{visit_id}/agreements', { params: { path: { visit_id } } }));
export const sign = (visit_id: string, agreed: Agreed[]) =>
  answer(api.POST('/api/v1/visits/{visit_id}/signatures', { params: { path: { visit_id } }, body: { agreed } }));
export const eraseVisitor = (visitor_id: string) =>
  answer(api.DELETE('/api/v1/visitors/{visitor_id}', { params: { path: { visitor_id } } }));

export const invite = (body: InvitationIn) => answer(api.POST('/api/v1/invitations', { body }));
export const readInvitation = (invitation_id: string) =>
  tagged(api.GET('/api/v1/invitations/{invitation_id}', { params: { path: { invitation_id } } }));
export const guests = (invitation_id: string) =>
  answer(api.GET('/api/v1/invitations/{invitation_id}/visitors', { params: { path: { invitation_id } } }));
export const inviteMore = (invitation_id: string, visitors: Invited[], tell: boolean) =>
  answer(api.POST('/api/v1/invitations/{invitation_id}/visitors', { params: { path: { invitation_id } }, body: { visitors, tell } }));
export const changeInvitation = (invitation_id: string, body: InvitationChange, etag: string) =>
  answer(api.PATCH('/api/v1/invitations/{invitation_id}', { params: { path: { invitation_id }, header: match(etag) }, body }));
export const cancelInvitation = (invitation_id: string) =>
  answer(api.POST('/api/v1/invitations/{invitation_id}/cancellation', { params: { path: { invitation_id } } }));

export const visitTypes = (retired = false) => answer(api.GET('/api/v1/visit-types', { params: { query: { retired } } }));
export const readType = (type_id: string) => tagged(api.GET('/api/v1/visit-types/{type_id}', { params: { path: { type_id } } }));
export const addType = (body: VisitTypeIn) => answer(api.POST('/api/v1/visit-types', { body }));
export const editType = (type_id: string, body: VisitTypeIn, etag: string) =>
  answer(api.PATCH('/api/v1/visit-types/{type_id}', { params: { path: { type_id }, header: match(etag) }, body }));
export const moveType = (type_id: string, out: boolean) =>
  answer(api.POST(`/api/v1/visit-types/{type_id}/${out ? 'retirement' : 'restoration'}`, { params: { path: { type_id } } }));

export const readSettings = (site_id: string) =>
  tagged(api.GET('/api/v1/sites/{site_id}/visit-settings', { params: { path: { site_id } } }));
export const writeSettings = (site_id: string, body: VisitSettingsIn, etag: string) =>
  answer(api.PUT('/api/v1/sites/{site_id}/visit-settings', { params: { path: { site_id }, header: match(etag) }, body }));
export const readDelegate = (person_id: string) =>
  tagged(api.GET('/api/v1/people/{person_id}/delegate', { params: { path: { person_id } } }));
export const writeDelegate = (person_id: string, body: DelegateIn, etag: string) =>
  answer(api.PUT('/api/v1/people/{person_id}/delegate', { params: { path: { person_id }, header: match(etag) }, body }));

export const readAgreements = () => answer(api.GET('/api/v1/agreements'));
export const readAgreement = (agreement_id: string) =>
  tagged(api.GET('/api/v1/agreements/{agreement_id}', { params: { path: { agreement_id } } }));
export const addAgreement = (body: AgreementIn) => answer(api.POST('/api/v1/agreements', { body }));
export const editAgreement = (agreement_id: string, body: AgreementIn, etag: string) =>
  answer(api.PATCH('/api/v1/agreements/{agreement_id}', { params: { path: { agreement_id }, header: match(etag) }, body }));
export const retireAgreement = (agreement_id: string) =>
  answer(api.POST('/api/v1/agreements/{agreement_id}/retirement', { params: { path: { agreement_id } } }));

export const readDenied = () => answer(api.GET('/api/v1/deny-list'));
export const propose = (body: DenyIn) => answer(api.POST('/api/v1/deny-list', { body }));
export const approve = (entry_id: string, name: string) =>
  answer(api.POST('/api/v1/deny-list/{entry_id}/approval', { params: { path: { entry_id } }, body: { name } }));
export const removeDenied = (entry_id: string) => answer(api.DELETE('/api/v1/deny-list/{entry_id}', { params: { path: { entry_id } } }));

/** What was deleted when, the newest first. */
export const deletions = (cursor?: string) =>
  answer(api.GET('/api/v1/visit-retention', { params: { query: { limit: 50, ...(cursor && { cursor }) } } }));

export const readWebhooks = () => answer(api.GET('/api/v1/visit-webhooks'));
export const readWebhook = (webhook_id: string) =>
  tagged(api.GET('/api/v1/visit-webhooks/{webhook_id}', { params: { path: { webhook_id } } }));
export const addWebhook = (body: WebhookIn) => answer(api.POST('/api/v1/visit-webhooks', { body }));
export const editWebhook = (webhook_id: string, body: WebhookChange, etag: string) =>
  answer(api.PATCH('/api/v1/visit-webhooks/{webhook_id}', { params: { path: { webhook_id }, header: match(etag) }, body }));
export const removeWebhook = (webhook_id: string) =>
  answer(api.DELETE('/api/v1/visit-webhooks/{webhook_id}', { params: { path: { webhook_id } } }));
export const testWebhook = (webhook_id: string) =>
  answer(api.POST('/api/v1/visit-webhooks/{webhook_id}/test', { params: { path: { webhook_id } } }));
