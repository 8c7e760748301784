/** Messages over HTTP: contacts, preferences, templates, messages, the inbox, push. Every call throws `Failure`. */
import { answer, api, everyPage, tagged } from './client';
import type { MessageIn, PreferenceIn, SubscriptionIn, Texts } from './messaging-types';
import type { components, paths } from './schema';

export * from './messaging-types';

type Asked<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Query } } } ? NonNullable<Query> : never;

const person = (person_id: string) => ({ path: { person_id } });
const template = (template_id: string) => ({ path: { template_id } });
const subscription = (subscription_id: string) => ({ path: { subscription_id } });
/** What was left empty is not asked for. */
const given = <T extends object>(query: T): T => Object.fromEntries(Object.entries(query).filter(([, value]) => value)) as T;

export interface WantedContacts {
  search: string;
  group_id: string;
  reach: string;
}
export const contacts = (wanted: WantedContacts, cursor?: string) =>
  answer(api.GET('/api/v1/contacts', { params: { query: given({ ...wanted, cursor, limit: 50 }) as Asked<'/api/v1/contacts'> } }));
export const readPreference = (person_id: string) =>
  tagged(api.GET('/api/v1/contacts/{person_id}/preference', { params: person(person_id) }));
export const writePreference = (person_id: string, body: PreferenceIn, etag: string) =>
  answer(api.PUT('/api/v1/contacts/{person_id}/preference', { params: { ...person(person_id), header: { 'If-Match': etag } }, body }));
export const readMyPreference = () => tagged(api.GET('/api/v1/me/preference'));
export const writeMyPreference = (body: PreferenceIn, etag: string) =>
  answer(api.PUT('/api/v1/me/preference', { params: { header: { 'If-Match': etag } }, body }));

type Body = components['schemas']['MessageIn'];
export const previewMessage = (body: MessageIn) => answer(api.POST('/api/v1/messages/preview', { body: body as Body }));
export const testMessage = (body: MessageIn) => answer(api.POST('/api/v1/messages/test', { body: body as Body }));
export interface WantedMessages {
  search_number: string;
  from: string;
  until: string;
  kind: string;
}
export const messages = (wanted: WantedMessages, cursor?: string) =>
  answer(api.GET('/api/v1/messages', { params: { query: given({ ...wanted, cursor, limit: 50 }) as Asked<'/api/v1/messages'> } }));
export const readMessage = (message_id: string) => tagged(api.GET('/api/v1/messages/{message_id}', { params: { path: { message_id } } }));
export const deliveries = (message_id: string, status: string, cursor?: string) =>
  answer(
    api.GET('/api/v1/messages/{message_id}/deliveries', {
      params: {
        path: { message_id },
        query: given({ status, cursor, limit: 100 }) as Asked<'/api/v1/messages/{message_id}/deliveries'>,
      },
    }),
  );
export const cancelMessage = (message_id: string) =>
  answer(api.POST('/api/v1/messages/{message_id}/cancellation', { params: { path: { message_id } } }));

export const readChoices = () => tagged(api.GET('/api/v1/messaging-settings'));
export const writeChoices = (body: components['schemas']['MessagingSettingsIn'], etag: string) =>
  answer(api.PUT('/api/v1/messaging-settings', { params: { header: { 'If-Match': etag } }, body }));

export const templates = (retired: boolean) =>
  everyPage((cursor) =>
    answer(api.GET('/api/v1/message-templates', { params: { query: { retired, limit: 200, ...(cursor && { cursor }) } } })),
  );
export const readTemplate = (id: string) => tagged(api.GET('/api/v1/message-templates/{template_id}', { params: template(id) }));
export const templateVersions = (id: string) =>
  answer(api.GET('/api/v1/message-templates/{template_id}/versions', { params: template(id) }));
export const addTemplate = (body: { name: string; texts: Texts }) => answer(api.POST('/api/v1/message-templates', { body }));
export const editTemplate = (id: string, body: { name: string; texts: Texts }, etag: string) =>
  answer(api.PATCH('/api/v1/message-templates/{template_id}', { params: { ...template(id), header: { 'If-Match': etag } }, body }));
export const retireTemplate = (id: string) =>
  answer(api.POST('/api/v1/message-templates/{template_id}/retirement', { params: template(id) }));
export const restoreTemplate = (id: string) =>
  answer(api.POST('/api/v1/message-templates/{template_id}/restoration', { params: template(id) }));

export const myMessages = (cursor?: string) =>
  answer(api.GET('/api/v1/me/messages', { params: { query: { limit: 50, ...(cursor && { cursor }) } } }));
/** Where ordinary messages are off. */
export const myAlerts = (cursor?: string) =>
  answer(api.GET('/api/v1/me/alerts', { params: { query: { limit: 50, ...(cursor && { cursor }) } } }));
export const replies = (query: { unmatched?: boolean; message_id?: string }, cursor?: string) =>
  answer(api.GET('/api/v1/replies', { params: { query: { ...query, limit: 50, ...(cursor && { cursor }) } } }));
export const markRead = (reply_id: string) => answer(api.POST('/api/v1/replies/{reply_id}/reading', { params: { path: { reply_id } } }));

export const pushKey = () => answer(api.GET('/api/v1/push/key'));
export const subscriptions = () => answer(api.GET('/api/v1/me/push-subscriptions'));
export const subscribe = (body: SubscriptionIn) => answer(api.POST('/api/v1/me/push-subscriptions', { body }));
export const unsubscribe = (id: string) =>
  answer(api.DELETE('/api/v1/me/push-subscriptions/{subscription_id}', { params: subscription(id) }));
export const testPush = (id: string) =>
  answer(api.POST('/api/v1/me/push-subscriptions/{subscription_id}/test', { params: subscription(id) }));
