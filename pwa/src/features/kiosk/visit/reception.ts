/** What to ask of a visitor and what to tell them. Pure. */
import type {
  Agreed,
  Agreement,
  Arrival,
  Arrived,
  Asked,
  Departure,
  Form,
  Found,
  Known,
  Locale,
  VisitType,
  WalkIn,
} from '../../../api/kiosk-visits-types';

const VISIT = /^(?:muster:visit:)?(v\d+-[\w-]{22})$/;
const LINK = /^https?:\/\/[^/]+\/v\/(v\d+-[\w-]{22})$/;
const DIGITS = /^\d{6}$/;

/** The token in a scanned code of an invitation or a badge; null: it is no such code. */
export function tokenIn(text: string): string | null {
  return (VISIT.exec(text.trim()) ?? LINK.exec(text.trim()))?.[1] ?? null;
}

/** Six digits, however they were typed: `123 456`. */
export function digitsIn(text: string): string | null {
  const digits = text.replace(/[\s-]/g, '');
  return DIGITS.test(digits) ? digits : null;
}

/** How somebody who leaves says who they are, in one field: six digits or their name. */
export function leaverIn(text: string): Departure {
  const code = digitsIn(text);
  return code === null ? { name: text.trim() } : { code };
}

/** What may be chosen by somebody without an invitation. */
export const walkInTypes = (form: Form | null): VisitType[] => form?.types.filter((type) => type.walk_in) ?? [];

/** Somebody before the kiosk, as far as they told. */
export interface Draft {
  known: Known | null;
  found: Found | null;
  name: string;
  type_id: string;
  host_name: string;
  fields: Arrival['fields'];
  agreed: Agreed[];
}

export const nobodyYet: Draft = { known: null, found: null, name: '', type_id: '', host_name: '', fields: {}, agreed: [] };

const typeOf = (draft: Draft, form: Form | null) => form?.types.find((type) => type.id === (draft.found?.visit_type_id ?? draft.type_id));

/** The fields to ask of them: of an invited visitor only what they did not tell before. */
export function asksOf(draft: Draft, form: Form | null): Asked[] {
  const asked = typeOf(draft, form)?.fields ?? [];
  const open = draft.found?.asks;
  return open ? asked.filter(({ field }) => open.includes(field)) : asked;
}

/** The first text that they did not agree to yet; null: there is none. */
export function nextAgreement(draft: Draft, form: Form | null): Agreement | null {
  const wanted = draft.found?.agreements ?? typeOf(draft, form)?.agreements ?? [];
  const left = wanted.filter((id) => !draft.agreed.some((one) => one.version_id === id));
  return form?.agreements.find((one) => left.includes(one.version_id)) ?? null;
}

/** The text in this language, or in the other when there is none: whoever agrees must have read exactly this. */
export function textOf(agreement: Agreement, language: Locale): { text: string; agreed: Agreed } | null {
  const other = language === 'nl' ? 'en' : 'nl';
  for (const locale of [language, other] as const) {
    const [text, sha256] = [agreement.texts[locale], agreement.sha256[locale]];
    if (text && sha256) return { text, agreed: { version_id: agreement.version_id, locale, sha256 } };
  }
  return null;
}

export const purposeOf = (asked: Asked, language: Locale): string => asked.purpose[language] ?? asked.purpose.nl ?? asked.purpose.en ?? '';

/** What is sent. Where nothing could be looked up, the name goes beside the code: should the code open nothing, they still came in. */
export function arrivalOf(draft: Draft, locale: Locale): Arrival {
  const fields = Object.fromEntries(Object.entries(draft.fields).filter(([, value]) => value.trim() !== ''));
  const shared = { locale, fields, agreed: draft.agreed };
  if (draft.found) return { visit_id: draft.found.visit_id, ...shared };
  return { ...draft.known, walk_in: walkInOf(draft), ...shared };
}

function walkInOf({ name, type_id, host_name }: Draft): WalkIn {
  const host = host_name.trim();
  return { name: name.trim(), visit_type_id: type_id, ...(host && { host_name: host }) };
}

/**
 * What the screen says. `wait` is for all who are not let in at once, for whatever reason (approval, a list, a question): it takes nothing of the
 * answer, so that nobody can tell the one from the other.
 */
export type Outcome =
  | { is: 'in'; visit_id: string; name: string; host: string | null; badge: boolean; number: number | null; deletes_on: string }
  | { is: 'wait' };

export function outcomeOf(answer: Arrived): Outcome {
  if (answer.state !== 'on_site') return { is: 'wait' };
  const { visit_id, name, host, badge, badge_number, deletes_on } = answer;
  return { is: 'in', visit_id, name, host, badge, number: badge_number, deletes_on };
}
