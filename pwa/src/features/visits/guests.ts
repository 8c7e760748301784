/**
 * A list of visitors, pasted or from a file. Pure.
 *
 * 1. Cells lie between tabs, semicolons or commas, whichever the line has first of these; in quotes they may hold any of them, and line breaks.
 * 2. With a head line, its words say what each column is. Without one: the name, then an e-mail address and a number in either order.
 * 3. What cannot be read is named by line and column, and the rest is read on.
 */
import type { Invited, Locale } from '../../api/visits';

export const MOST = 200;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const NUMBER = /^\+?[\d\s()./-]{6,24}$/;
const LONGEST = { name: 200, email: 254 };
const HEADS: Readonly<Record<string, Column>> = {
  naam: 'name', name: 'name', bezoeker: 'name', visitor: 'name', gast: 'name', guest: 'name',
  voornaam: 'first', 'first name': 'first', tussenvoegsel: 'middle', achternaam: 'last', 'last name': 'last', surname: 'last',
  'e-mail': 'email', email: 'email', 'e-mailadres': 'email', emailadres: 'email', mail: 'email', 'e-mail address': 'email',
  telefoon: 'telephone', telefoonnummer: 'telephone', mobiel: 'telephone', tel: 'telephone', telephone: 'telephone', phone: 'telephone',
  mobile: 'telephone', taal: 'locale', language: 'locale', locale: 'locale',
}; // prettier-ignore
const LOCALES: Readonly<Record<string, Locale>> = {
  nl: 'nl', nederlands: 'nl', dutch: 'nl', en: 'en', engels: 'en', english: 'en',
}; // prettier-ignore

type Column = 'name' | 'first' | 'middle' | 'last' | 'email' | 'telephone' | 'locale';
export type Problem = 'noName' | 'tooLong' | 'email' | 'telephone' | 'locale' | 'unknown' | 'tooMany';

/** Where a list is wrong: line and column count from one. `head`: what stands above that column, where something does. */
export interface Wrong {
  line: number;
  column: number;
  head: string | null;
  problem: Problem;
  cell: string;
}
export interface Guests {
  people: Invited[];
  /** The line of each of them. */
  lines: number[];
  wrong: Wrong[];
  /** Heads of columns that are not read. */
  unread: string[];
}

interface Record_ {
  line: number;
  cells: string[];
}

const separatorOf = (line: string): string => ['\t', ';', ','].find((one) => line.replace(/"(?:[^"]|"")*"/g, '').includes(one)) ?? ',';

/** The cell that begins at `from`, and where it ends. A quote that nothing closes is a letter like any other. */
function cellAt(text: string, from: number, separator: string): { cell: string; end: number } {
  const opening = /^[^\S\t\r\n]*"/.exec(text.slice(from, from + 100))?.[0];
  const quoted = opening && /^(?:[^"]|"")*"(?!")/.exec(text.slice(from + opening.length));
  let end = quoted && opening ? from + opening.length + quoted[0].length : from;
  const rest = end;
  while (end < text.length && text[end] !== separator && text[end] !== '\n') end += 1;
  const cell = quoted ? quoted[0].slice(0, -1).replaceAll('""', '"') + text.slice(rest, end) : text.slice(from, end);
  return { cell: cell.replace(/\s+/g, ' ').trim(), end };
}

/** The lines that hold something. `sep=;`, as Excel writes it, says what lies between cells. */
function recordsOf(text: string): Record_[] {
  const found: Record_[] = [];
  let given = /^\uFEFF?sep=(.)\r?\n/i.exec(text)?.[1];
  let at = given ? text.indexOf('\n') + 1 : 0;
  let line = given ? 2 : 1;
  while (at < text.length) {
    const stop = text.indexOf('\n', at);
    const separator = given ?? separatorOf(text.slice(at, stop < 0 ? undefined : stop));
    const record: Record_ = { line, cells: [] };
    const begin = at;
    for (;;) {
      const { cell, end } = cellAt(text, at, separator);
      record.cells.push(cell);
      at = end + 1;
      if (text[end] !== separator) break;
    }
    line += text.slice(begin, at).split('\n').length - 1;
    if (record.cells.some(Boolean)) {
      if (found.length === 0 && headOf(record)) given ??= separator;
      found.push(record);
    }
  }
  return found;
}

/** What each column is, when this is a head line: one that names a column with names. */
function headOf({ cells }: Record_): (Column | null)[] | null {
  const columns = cells.map((cell) => HEADS[cell.toLowerCase()] ?? null);
  return columns.some((one) => one === 'name' || one === 'first' || one === 'last') ? columns : null;
}

/** What each cell is, where no head says it. */
function guessed({ cells }: Record_): (Column | 'unknown')[] {
  const taken = new Set<string>();
  return cells.map((cell, place) => {
    const is = place === 0 ? 'name' : EMAIL.test(cell) || cell.includes('@') ? 'email' : NUMBER.test(cell) ? 'telephone' : 'unknown';
    if (!cell || is === 'name') return 'name';
    if (taken.has(is)) return 'unknown';
    taken.add(is);
    return is;
  });
}

function problemOf(column: Column | 'unknown', cell: string): Problem | null {
  if (!cell) return null;
  if (column === 'unknown') return 'unknown';
  if (column === 'email') return EMAIL.test(cell) && cell.length <= LONGEST.email ? null : 'email';
  if (column === 'telephone') return NUMBER.test(cell) ? null : 'telephone';
  if (column === 'locale') return LOCALES[cell.toLowerCase()] ? null : 'locale';
  return cell.includes('@') ? 'noName' : null;
}

function guestOf(record: Record_, columns: (Column | 'unknown' | null)[], heads: string[] | null, locale: Locale): Invited | Wrong {
  const wrong = (column: number, problem: Problem): Wrong => {
    return { line: record.line, column: column + 1, head: heads?.[column] ?? null, problem, cell: record.cells[column] ?? '' };
  };
  if (heads && record.cells.slice(heads.length).some(Boolean)) return wrong(heads.length, 'tooMany');
  for (const [place, column] of columns.entries()) {
    const problem = column && problemOf(column, record.cells[place] ?? '');
    if (problem) return wrong(place, problem);
  }
  const told = (wanted: Column) => record.cells.filter((cell, place) => cell && columns[place] === wanted);
  const name = [...told('name').slice(0, 1), ...told('first'), ...told('middle'), ...told('last')].join(' ');
  const nameAt = columns.findIndex((one) => one === 'name' || one === 'first' || one === 'last');
  if (!name) return wrong(nameAt, 'noName');
  if (name.length > LONGEST.name) return wrong(nameAt, 'tooLong');
  const [email] = told('email');
  const [telephone] = told('telephone');
  return {
    name,
    locale: LOCALES[told('locale')[0]?.toLowerCase() ?? ''] ?? locale,
    ...(email && { email }),
    ...(telephone && { telephone: telephone.replace(/[\s()./-]/g, '') }),
  };
}

/** Whoever says no language of their own is invited in `locale`. */
export function readGuests(text: string, locale: Locale): Guests {
  const [first, ...rest] = recordsOf(text);
  const columns = first ? headOf(first) : null;
  const heads = columns && first ? first.cells : null;
  const found: Guests = { people: [], lines: [], wrong: [], unread: heads?.filter((head, place) => head && !columns?.[place]) ?? [] };
  for (const record of first && !columns ? [first, ...rest] : rest) {
    const guest = guestOf(record, columns ?? guessed(record), heads, locale);
    if ('problem' in guest) found.wrong.push(guest);
    else {
      found.people.push(guest);
      found.lines.push(record.line);
    }
  }
  return found;
}

/** The text of a file: UTF-8 or UTF-16, otherwise Latin-1 as Windows writes it. Null: it is no text. */
export function textOf(bytes: Uint8Array): { text: string; latin: boolean } | null {
  const [first, second] = bytes;
  const isWide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isWide) return { text: new TextDecoder(first === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes), latin: false };
  if (bytes.includes(0)) return null;
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), latin: false };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), latin: true };
  }
}
