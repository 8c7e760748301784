/** What the screen of shifts and working windows asks of the server. */
import { answer, api, tagged, type components } from '../../api';
import type { Shift, WorkingWindow } from '../../people';

type Schemas = components['schemas'];
export type Kind = 'shifts' | 'windows';
/** Either, as the screen shows both alike. */
export type Row = Shift | WorkingWindow;
export type ShiftIn = Schemas['ShiftIn'];
export type WeeklyIn = Schemas['WeeklyIn'];
export interface Holder {
  person_id: string | null;
  group_id: string | null;
}

export function list(kind: Kind, { person_id, group_id }: Holder, cursor: string | undefined) {
  const query = { limit: 50, ...(person_id && { person_id }), ...(group_id && { group_id }), ...(cursor && { cursor }) };
  const params = { params: { query } };
  const asked: Promise<{ items: Row[]; next_cursor?: string | null }> =
    kind === 'shifts' ? answer(api.GET('/api/v1/shifts', params)) : answer(api.GET('/api/v1/working-windows', params));
  return asked;
}

export const readShift = (shift_id: string) => tagged(api.GET('/api/v1/shifts/{shift_id}', { params: { path: { shift_id } } }));
export const addShift = (holder: Holder, body: ShiftIn) => answer(api.POST('/api/v1/shifts', { body: { ...body, ...holder } }));
export const editShift = (shift_id: string, body: ShiftIn, etag: string) =>
  answer(api.PUT('/api/v1/shifts/{shift_id}', { params: { path: { shift_id }, header: { 'If-Match': etag } }, body }));
export const endShift = (shift_id: string) => answer(api.DELETE('/api/v1/shifts/{shift_id}', { params: { path: { shift_id } } }));

export const readWindow = (window_id: string) =>
  tagged(api.GET('/api/v1/working-windows/{window_id}', { params: { path: { window_id } } }));
export const addWindow = (holder: Holder, body: WeeklyIn) => answer(api.POST('/api/v1/working-windows', { body: { ...body, ...holder } }));
export const editWindow = (window_id: string, body: WeeklyIn, etag: string) =>
  answer(api.PUT('/api/v1/working-windows/{window_id}', { params: { path: { window_id }, header: { 'If-Match': etag } }, body }));
export const endWindow = (window_id: string) =>
  answer(api.DELETE('/api/v1/working-windows/{window_id}', { params: { path: { window_id } } }));

export const isShift = (row: Row): row is Shift => 'break_minutes' in row;
