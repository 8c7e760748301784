/** Names and words that pages and the service worker share. */

/** Cache of what is fetched when there is time: the map and its overview, and whatever else is too heavy for the shell. May be dropped at any time. */
export const WARM = 'muster-warm';
/** The app itself: one cache for each build. */
export const SHELL_PREFIX = 'muster-shell-';
export const SYNC_TAG = 'muster-outbox';
/** What the worker tells open pages when a push came: the inbox has news. */
export const PUSH_NEWS = 'push';

/** What a page asks of the worker. */
export type Order =
  /** A new worker waits and the person agreed: take over from the old one. */
  | { is: 'take_over' }
  /** Fetch what is heavy, and these addresses of ours too, so that they are there without a network. */
  | { is: 'warm'; urls: readonly string[] };
