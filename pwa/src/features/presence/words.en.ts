import { plural } from '../../i18n';

const people = (count: number) => plural(count, { one: 'person', other: 'people' });

export default {
  title: 'Presence',
  live: 'Live',
  asOf: 'As of',
  notLive: 'Not live at the moment.',
  trace: 'Whoever is shown here can read that you looked.',
  standings: { inside: 'Inside', unknown: 'Unknown', assumed_left: 'Probably left' },
  everyone: 'Everyone',
  which: 'Who to show',
  search: 'Search by name',
  group: 'Group',
  allGroups: 'All groups',
  fence: 'Geofence',
  allFences: 'All geofences',
  fences: 'People by geofence',
  mapOf: (count: number) => `Map: ${people(count)} inside geofences`,
  list: (count: number) => people(count),
  insideSince: (time: string) => `inside since ${time}`,
  unknownSince: (time: string) => `last sign of life ${time}`,
  enteredAt: (time: string) => `came in ${time}`,
  figures: (inside: number, unknown: number) => (unknown ? `${inside} + ${unknown}?` : String(inside)),
  figuresSaid: (inside: number, unknown: number) => (unknown ? `${inside} inside, ${unknown} unknown` : `${inside} inside`),
  cameIn: (person: string, fence: string) => `${person} came into ${fence}.`,
  wentOut: (person: string, fence: string) => `${person} left ${fence}.`,
  nobody: {
    title: 'Nobody is known to be on site',
    text: 'People appear when they clock in by location. A phone that is silent is shown as unknown, never as absent.',
  },
  nothingFound: { title: 'Nobody found', text: 'Try fewer letters or other filters.', action: 'Show everyone' },
  legend: 'Unknown means no sign of life for a while: a phone that is off, without network, or not sharing. It does not mean absent.',
};
