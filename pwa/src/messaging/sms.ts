/**
 * What a text costs as SMS, while it is typed; the server's `app/core/sms.py` says the same when it is sent.
 *
 * A character of the GSM 03.38 alphabet takes one of 160 units, one of its extension two; several parts have 153 each, and a pair is never
 * split. One character outside makes the whole text UCS-2: 70 units of UTF-16, or 67 in each of several parts.
 */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENSION = '\f^{}\\[~]|€';
const GSM = new Map([...[...BASIC].map((one) => [one, 1] as const), ...[...EXTENSION].map((one) => [one, 2] as const)]);

export interface Segments {
  encoding: 'gsm' | 'ucs2';
  parts: number;
  units: number;
  /** What made it UCS-2, each once, in order. */
  costly: string[];
  /** Units left in the last part. */
  left: number;
}

export function measure(text: string): Segments {
  const letters = [...text];
  const costly = [...new Set(letters.filter((one) => !GSM.has(one)))];
  const widths = letters.map((one) => (costly.length ? one.length : (GSM.get(one) ?? 1)));
  const units = widths.reduce((sum, width) => sum + width, 0);
  const [whole, part] = costly.length ? [70, 67] : [160, 153];
  const encoding = costly.length ? 'ucs2' : 'gsm';
  if (units <= whole) return { encoding, parts: units ? 1 : 0, units, costly, left: whole - units };
  let [parts, used] = [1, 0];
  for (const width of widths) {
    if (used + width > part) [parts, used] = [parts + 1, 0];
    used += width;
  }
  return { encoding, parts, units, costly, left: part - used };
}

/** The text without the marks that cost: `ë` is `e`, curly quotes are straight. Characters that have no plain form stay. */
export function plainly(text: string): string {
  return [...text].map((one) => (GSM.has(one) ? one : (SIMPLER[one] ?? bare(one)))).join('');
}

const SIMPLER: Record<string, string> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '\u00a0': ' ',
  '\t': ' ',
};

function bare(letter: string): string {
  const base = letter.normalize('NFD').replace(/\p{M}/gu, '');
  return base && [...base].every((one) => GSM.has(one)) ? base : letter;
}
