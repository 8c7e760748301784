/** People, groups and sites, as several screens ask for them. Reads are kept on the device. */
import { signal } from '@preact/signals';
import { answer, api, everyPage, tagged, type components } from '../api';
import { snapshot } from '../offline/snapshot';

type Schemas = components['schemas'];
export type Person = Schemas['PersonOut'];
export type Group = Schemas['GroupLine'];
export type Site = Schemas['SiteOut'];
export type Device = Schemas['DeviceOut'];
export type Member = Schemas['MemberOut'];
export type WorkingWindow = Schemas['WindowOut'];
export type Shift = Schemas['ShiftOut'];

const paged = (cursor: string | undefined) => ({ limit: 200, ...(cursor && { cursor }) });

export const sites = () =>
  snapshot('sites', async () => ({
    value: await everyPage((cursor) => answer(api.GET('/api/v1/sites', { params: { query: paged(cursor) } }))),
  }));
export const groups = () =>
  snapshot('groups', async () => ({
    value: await everyPage((cursor) => answer(api.GET('/api/v1/groups', { params: { query: paged(cursor) } }))),
  }));
export const person = (person_id: string) =>
  snapshot(`people/${person_id}`, () => tagged(api.GET('/api/v1/people/{person_id}', { params: { path: { person_id } } })));

/** What somebody is called: a contact may have a telephone number only. */
export const called = (one: Pick<Person, 'name' | 'telephone'>): string => one.name ?? one.telephone ?? '';

const AT_ONCE = 4;
const names = signal<ReadonlyMap<string, string>>(new Map());
const wanted = new Set<string>();
let busy = 0;

/** What a person of whom only the id is known is called; the empty string until the server said it. */
export function nameOf(person_id: string): string {
  const known = names.value.get(person_id);
  if (known === undefined && !wanted.has(person_id)) {
    wanted.add(person_id);
    queueMicrotask(fetchNames);
  }
  return known ?? '';
}

/** One that was read already needs not be asked for. */
export function remember(people: readonly Person[]): void {
  const news = people.filter((one) => names.peek().get(one.id) !== called(one));
  if (news.length) names.value = new Map([...names.peek(), ...news.map((one) => [one.id, called(one)] as const)]);
}

function fetchNames(): void {
  for (const id of wanted) {
    if (busy >= AT_ONCE) return;
    if (names.peek().has(id)) continue;
    names.value = new Map(names.peek()).set(id, '');
    busy += 1;
    answer(api.GET('/api/v1/people/{person_id}', { params: { path: { person_id: id } } }))
      .then((found) => remember([found]))
      .catch(() => undefined)
      .finally(() => {
        busy -= 1;
        fetchNames();
      });
  }
}
