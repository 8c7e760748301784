/** Who answers which address. Pure. */

/** Pages and files that the server itself makes or answers; the app has no screen there. */
const SERVER = [
  /^\/api(\/|$)/,
  /^\/(healthz|readyz|metrics)$/,
  /^\/privacy(\.css|\.pdf)?$/,
  /^\/[ahruv]\/[^/]+(\/visit\.ics)?$/,
  /^\/(assembly|visit)\.css$/,
  /^\/outbox-preview(\/|$)/,
  /^\/sw\.js$/,
];

/** `server`: let it pass. `file`: a file of the app. Otherwise the entry that shows the screen. */
export function placeOf(url: URL, mode: RequestMode): 'server' | 'file' | '/index.html' | '/kiosk.html' {
  const path = url.pathname;
  if (SERVER.some((pattern) => pattern.test(path))) return 'server';
  if (mode !== 'navigate') return 'file';
  if (/\.[a-z0-9]+$/i.test(path) && !path.endsWith('.html')) return 'file';
  return path === '/kiosk' || path.startsWith('/kiosk/') || path === '/kiosk.html' ? '/kiosk.html' : '/index.html';
}
