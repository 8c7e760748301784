/** Agreements and the deny list over HTTP. */
import { read, written } from '../../api/visits';
import type { ByLanguage } from '../../api/visits';
import { snapshot } from '../../offline/snapshot';

export interface Agreement {
  id: string;
  name: string;
  keep_days: number;
  retired_at: string | null;
  number: number;
  texts: ByLanguage;
}
export const agreements = () => snapshot('agreements', async () => ({ value: (await read<Agreement[]>('/agreements')).value }));
export const readAgreement = (id: string) => read<Agreement>(`/agreements/${id}`);
export type AgreementIn = Pick<Agreement, 'name' | 'keep_days' | 'texts'>;
export const addAgreement = (body: AgreementIn) => written<Agreement>('POST', '/agreements', body);
export const editAgreement = (id: string, body: AgreementIn, etag: string) => written<Agreement>('PATCH', `/agreements/${id}`, body, etag);
export const retireAgreement = (id: string) => written<Agreement>('POST', `/agreements/${id}/retirement`);

export const REASONS = ['violence', 'theft', 'threat', 'trespass', 'other'] as const;
export type Reason = (typeof REASONS)[number];
export interface Denied {
  id: string;
  reason: Reason;
  proposed_by: string | null;
  approved_at: string | null;
  expires_on: string;
  hits: number;
  created_at: string;
}
export const denied = () => snapshot('deny-list', async () => ({ value: (await read<Denied[]>('/deny-list')).value }));
export const propose = (body: { name: string; reason: Reason; expires_on: string }) => written<Denied>('POST', '/deny-list', body);
export const approve = (id: string, name: string) => written<Denied>('POST', `/deny-list/${id}/approval`, { name });
export const remove = (id: string) => written<null>('DELETE', `/deny-list/${id}`);
