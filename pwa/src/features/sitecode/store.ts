/** Clocking in by the code on the wall: the address that a phone's camera opens, `/clock#muster:site:...`. */
import { answer, api, Failure, type components } from '../../api';
import { discard, verdict, write } from '../../offline/outbox';

export type Kind = 'in' | 'out';
type Punched = components['schemas']['PunchedOut'];

const CODE = /^muster:site:([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})\.[\w-]{22}$/;
const WAITED_MS = 16 * 3_600_000;
const PATIENCE_MS = 6_000;

/** The site that a code names; null when it is no code of a site. Whether it is genuine, the server says. */
export function siteOf(code: string): string | null {
  return CODE.exec(code)?.slice(1).join('-') ?? null;
}

/** The opposite of one's last punch of the last hours; null: not known now. */
export async function suggested(): Promise<Kind | null> {
  const now = Date.now();
  const query = { since: new Date(now - WAITED_MS).toISOString(), until: new Date(now + 60_000).toISOString(), limit: 1 };
  const { items } = await answer(api.GET('/api/v1/punches', { params: { query } }));
  return items[0]?.kind === 'in' ? 'out' : 'in';
}

export interface Done {
  kind: Kind;
  at_ms: number;
  arrived: boolean;
  /** The punch of the same kind before it. */
  already_ms: number | null;
}

/** Keep the punch, send it, and say what became of it. Throws `Failure` when the server refused, `StorageFull`. */
export async function clock(kind: Kind, site_code: string): Promise<Done> {
  const { key } = await write('punch', { kind, site_code });
  const entry = await verdict(key, PATIENCE_MS);
  if (entry?.state === 'refused' || entry?.state === 'conflict') {
    await discard(key);
    throw new Failure('refused', entry.problem as components['schemas']['Problem'] | null);
  }
  const punched = entry?.answer as Punched | null | undefined;
  const already = punched?.already_since ?? null;
  return {
    kind,
    at_ms: punched ? Date.parse(punched.punch.at) : (entry?.made_ms ?? Date.now()),
    arrived: entry?.state === 'accepted',
    already_ms: already === null ? null : Date.parse(already),
  };
}
