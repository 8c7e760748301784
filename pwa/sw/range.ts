/** Part of a file that is kept whole: the Cache API keeps no partial answers, and PMTiles asks for nothing else. */

const ASKED = /^bytes=(\d+)-(\d*)$/;

/** The bytes that `range` (the header) asks for: 206, or 416 when they are not there. Any other form gets the whole file. */
export async function partOf(whole: Response, range: string): Promise<Response> {
  const asked = ASKED.exec(range);
  if (!asked) return whole;
  const blob = await whole.blob();
  const from = Number(asked[1]);
  const to = Math.min(asked[2] ? Number(asked[2]) : blob.size - 1, blob.size - 1);
  if (from > to) return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${blob.size}` } });
  const headers = new Headers(whole.headers);
  headers.delete('Content-Encoding');
  headers.set('Content-Range', `bytes ${from}-${to}/${blob.size}`);
  headers.set('Content-Length', String(to - from + 1));
  return new Response(blob.slice(from, to + 1), { status: 206, headers });
}
