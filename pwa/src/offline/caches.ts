/** Names of what the service worker and the pages keep in the Cache API. */

/** What is fetched when there is time for it: the map and its overview, and whatever else is too heavy for the shell. May be dropped at any time. */
export const WARM = 'muster-warm';
/** The app itself: one cache for each build. */
export const SHELL_PREFIX = 'muster-shell-';
