/**
 * The server's event stream, shared by all screens of this page:
 * 1. The first listener opens it, the last one closes it; a page nobody looks at for `HIDDEN_MS` closes it too.
 * 2. `ready` comes first. `resumed: false`: something may have been missed, so listeners ask for the present state.
 * 3. A broken line comes back by itself (the browser resumes with Last-Event-ID). Refused or not there at all: we try again, ever more slowly,
 *    and `line` says `broken`, so that screens poll and say how old they are.
 */
import { signal } from '@preact/signals';

const STREAM = '/api/v1/stream';
const HIDDEN_MS = 60_000;
const SHORTEST_MS = 2_000;
const LONGEST_MS = 60_000;

export interface News {
  person_id: string | null;
  at: string;
  body: Readonly<Record<string, unknown>>;
}
export interface Listener {
  /** The name of the event: `presence`. */
  kind: string;
  onNews: (news: News) => void;
  /** Ask for the present state: the line is new, or something was missed. */
  onFresh: () => void;
}

/** `live`: news comes at once. `broken`: it does not. `closed`: nobody listens. */
export const line = signal<'closed' | 'opening' | 'live' | 'broken'>('closed');

const listeners = new Set<Listener>();
let source: EventSource | null = null;
let again: ReturnType<typeof setTimeout> | undefined;
let hiding: ReturnType<typeof setTimeout> | undefined;
let tries = 0;

/** How long to wait before the next try: doubled each time, and never the same for all who lost the server at once. */
export function pause_ms(tried: number, chance: number = Math.random()): number {
  return Math.min(LONGEST_MS, SHORTEST_MS * 2 ** tried) * (0.5 + chance / 2);
}

function open(): void {
  clearTimeout(again);
  if (source || listeners.size === 0) return;
  if (line.peek() !== 'broken') line.value = 'opening';
  source = new EventSource(STREAM);
  source.addEventListener('ready', (event) => {
    tries = 0;
    line.value = 'live';
    if (!(JSON.parse((event as MessageEvent<string>).data) as { resumed: boolean }).resumed) for (const one of listeners) one.onFresh();
  });
  for (const kind of new Set([...listeners].map((one) => one.kind))) {
    source.addEventListener(kind, (event) => {
      const news = JSON.parse((event as MessageEvent<string>).data) as News;
      for (const one of listeners) if (one.kind === kind) one.onNews(news);
    });
  }
  source.addEventListener('error', () => {
    line.value = 'broken';
    if (source?.readyState !== EventSource.CLOSED) return; // the browser comes back by itself
    source = null;
    again = setTimeout(open, pause_ms(tries++));
  });
}

function close(): void {
  clearTimeout(again);
  source?.close();
  source = null;
  line.value = 'closed';
}

function looked(): void {
  clearTimeout(hiding);
  if (document.visibilityState === 'visible') open();
  else hiding = setTimeout(close, HIDDEN_MS);
}

/** Hear news until the returned function is called. */
export function listen(listener: Listener): () => void {
  if (listeners.size === 0) document.addEventListener('visibilitychange', looked);
  listeners.add(listener);
  close();
  open();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    document.removeEventListener('visibilitychange', looked);
    clearTimeout(hiding);
    close();
  };
}
