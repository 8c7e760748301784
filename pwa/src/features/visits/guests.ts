/** A pasted list of visitors. */
import type { Invited, Locale } from '../../api/visits';

export const MOST = 200;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const NUMBER = /^\+?[\d\s()./-]{6,24}$/;
const HEAD = /^(naam|name)$/i;

export interface Guests {
  people: Invited[];
  /** The numbers of lines that cannot be read, counted from one. */
  wrong: number[];
}

const bare = (text: string): string =>
  text
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .replaceAll('""', '"')
    .trim();

/** Cells of one line; a separator inside quotes is none. */
function cells(line: string): string[] {
  const found = [...line.matchAll(/("(?:[^"]|"")*"|[^,;\t]*)([,;\t]|$)/g)];
  return found.slice(0, found.findIndex((one) => one[2] === '') + 1).map((one) => bare(one[1] ?? ''));
}

function guest(line: string, locale: Locale): Invited | null {
  const [name = '', ...rest] = cells(line);
  const told = rest.filter(Boolean);
  const email = told.find((cell) => EMAIL.test(cell));
  const telephone = told.find((cell) => NUMBER.test(cell));
  if (!name || name.includes('@') || name.length > 200 || told.some((cell) => cell !== email && cell !== telephone)) return null;
  return { name, locale, ...(email && { email }), ...(telephone && { telephone: telephone.replace(/[\s()./-]/g, '') }) };
}

/** One visitor a line: name, then an e-mail address and a number in either order. A head line and empty lines are passed over. */
export function readGuests(text: string, locale: Locale): Guests {
  const people: Invited[] = [];
  const wrong: number[] = [];
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (!line.trim() || HEAD.test(cells(line)[0] ?? '')) continue;
    const found = guest(line, locale);
    if (found) people.push(found);
    else wrong.push(at + 1);
  }
  return { people, wrong };
}
