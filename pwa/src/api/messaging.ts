/** Messages over HTTP: contacts, preferences, templates, messages, the inbox, push. Every call throws `Failure`. */
import { send } from './client';
import { uuid } from '../offline/seal';
import { failureFrom, failureOf } from './failure';
import type {
  Contact,
  DeliveryOut,
  InboxReply,
  MessageIn,
  MessageLine,
  MessageOut,
  MineOut,
  Paged,
  Preference,
  PreferenceIn,
  Preview,
  Subscription,
  SubscriptionIn,
  Template,
  TemplateLine,
  TemplateVersion,
  Texts,
} from './messaging-types';

export * from './messaging-types';

type Query = Record<string, string | number | boolean | null | undefined>;
interface Asked {
  query?: Query;
  body?: object;
  etag?: string;
}

function addressOf(path: string, query: Query = {}): string {
  const known = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const text = new URLSearchParams(known.map(([name, value]) => [name, String(value)])).toString();
  return `/api/v1${path}${text ? `?${text}` : ''}`;
}

async function asked<T>(method: string, path: string, { query, body, etag }: Asked = {}): Promise<{ value: T; etag: string }> {
  try {
    const headers = new Headers(etag ? { 'If-Match': etag } : {});
    if (body) headers.set('Content-Type', 'application/json');
    if (method === 'POST') headers.set('Idempotency-Key', uuid());
    const response = await send(new Request(addressOf(path, query), { method, headers, ...(body && { body: JSON.stringify(body) }) }));
    const found: unknown = response.status === 204 ? null : await response.json();
    if (!response.ok) throw failureOf(response, found);
    return { value: found as T, etag: response.headers.get('ETag') ?? '' };
  } catch (error) {
    throw failureFrom(error);
  }
}
const only = async <T>(method: string, path: string, more?: Asked): Promise<T> => (await asked<T>(method, path, more)).value;

export interface WantedContacts {
  search: string;
  group_id: string;
  reach: string;
}
export const contacts = (wanted: WantedContacts, cursor?: string) =>
  only<Paged<Contact>>('GET', '/contacts', { query: { ...wanted, cursor, limit: 50 } });
export const readPreference = (person_id: string) => asked<Preference>('GET', `/contacts/${person_id}/preference`);
export const writePreference = (person_id: string, body: PreferenceIn, etag: string) =>
  only<Preference>('PUT', `/contacts/${person_id}/preference`, { body, etag });
export const readMyPreference = () => asked<Preference>('GET', '/me/preference');
export const writeMyPreference = (body: PreferenceIn, etag: string) => only<Preference>('PUT', '/me/preference', { body, etag });

export const previewMessage = (body: MessageIn) => only<Preview>('POST', '/messages/preview', { body });
export const testMessage = (body: MessageIn) => only<unknown>('POST', '/messages/test', { body });
export interface WantedMessages {
  search_number: string;
  from: string;
  until: string;
  kind: string;
}
export const messages = (wanted: WantedMessages, cursor?: string) =>
  only<Paged<MessageLine>>('GET', '/messages', { query: { ...wanted, cursor, limit: 50 } });
export const readMessage = (id: string) => asked<MessageOut>('GET', `/messages/${id}`);
export const deliveries = (id: string, status: string, cursor?: string) =>
  only<Paged<DeliveryOut>>('GET', `/messages/${id}/deliveries`, { query: { status, cursor, limit: 100 } });
export const cancelMessage = (id: string) => only<unknown>('POST', `/messages/${id}/cancellation`);

export const templates = () => only<Paged<TemplateLine>>('GET', '/message-templates', { query: { limit: 200 } });
export const readTemplate = (id: string) => asked<Template>('GET', `/message-templates/${id}`);
export const templateVersions = (id: string) => only<TemplateVersion[]>('GET', `/message-templates/${id}/versions`);
export const addTemplate = (body: { name: string; texts: Texts }) => only<Template>('POST', '/message-templates', { body });
export const editTemplate = (id: string, body: { name: string; texts: Texts }, etag: string) =>
  only<Template>('PATCH', `/message-templates/${id}`, { body, etag });
export const retireTemplate = (id: string) => only<unknown>('POST', `/message-templates/${id}/retirement`);
export const restoreTemplate = (id: string) => only<unknown>('POST', `/message-templates/${id}/restoration`);

export const myMessages = (cursor?: string) => only<Paged<MineOut>>('GET', '/me/messages', { query: { cursor, limit: 50 } });
export const replies = (query: { unmatched?: boolean; message_id?: string }, cursor?: string) =>
  only<Paged<InboxReply>>('GET', '/replies', { query: { ...query, cursor, limit: 50 } });
export const markRead = (id: string) => only<unknown>('POST', `/replies/${id}/reading`);

export const pushKey = () => only<{ public_key: string }>('GET', '/push/key');
export const subscriptions = () => only<Subscription[]>('GET', '/me/push-subscriptions');
export const subscribe = (body: SubscriptionIn) => only<Subscription>('POST', '/me/push-subscriptions', { body });
export const unsubscribe = (id: string) => only<null>('DELETE', `/me/push-subscriptions/${id}`);
export const testPush = (id: string) => only<unknown>('POST', `/me/push-subscriptions/${id}/test`);
