import { at, match, type Route } from './router';
import { hasModule, may } from './session';

/** Every screen: its address, who may see it, and its place in the navigation. The first that somebody may see is their home; the first four with `bar` stand at the foot of a phone. */
export const ROUTES: readonly Route[] = [
  {
    path: '/today',
    load: () => import('../features/today'),
    needs: ['punch.create', 'own'],
    module: 'attendance',
    nav: { word: 'today', icon: 'clock', part: 'mine', bar: true },
  },
  {
    path: '/inbox',
    load: () => import('../features/inbox'),
    needs: ['reply.send', 'own'],
    module: ['messages', 'alerts'],
    nav: { word: 'inbox', icon: 'mail', part: 'mine', bar: true },
  },
  {
    path: '/inbox/:message_id',
    load: () => import('../features/inbox/message'),
    needs: ['reply.send', 'own'],
    module: ['messages', 'alerts'],
  },
  {
    path: '/alert',
    load: () => import('../features/alerts'),
    needs: ['alert.send', 'all'],
    module: 'alerts',
    nav: { word: 'alert', icon: 'siren', part: 'work', bar: true, first: true },
  },
  { path: '/alert/what', load: () => import('../features/alerts/what'), needs: ['alert.send', 'all'], module: 'alerts' },
  { path: '/alert/area', load: () => import('../features/alerts/area'), needs: ['alert.send', 'all'], module: 'alerts' },
  { path: '/alert/more', load: () => import('../features/alerts/more'), needs: ['alert.send', 'all'], module: 'alerts' },
  {
    path: '/alerts',
    load: () => import('../features/alerts/list'),
    needs: ['alert.read', 'all'],
    module: 'alerts',
    nav: { word: 'alerts', icon: 'bell', part: 'work' },
  },
  { path: '/alerts/:alert_id', load: () => import('../features/board'), needs: ['alert.read', 'all'], module: 'alerts' },
  {
    path: '/staffing',
    load: () => import('../features/staffing'),
    needs: ['staffing.read', 'all'],
    module: 'alerts',
    nav: { word: 'staffing', icon: 'group', part: 'setup' },
  },
  {
    path: '/presence',
    load: () => import('../features/presence'),
    needs: ['presence.read', 'all'],
    module: 'attendance',
    nav: { word: 'presence', icon: 'pin', part: 'work', bar: true },
  },
  {
    path: '/visits',
    load: () => import('../features/visits'),
    needs: ['visit.receive', 'all'],
    module: 'visitors',
    nav: { word: 'visits', icon: 'person', part: 'work', bar: true },
  },
  {
    path: '/my-visits',
    load: () => import('../features/visits/mine'),
    needs: ['visit.read', 'own'],
    module: 'visitors',
    nav: { word: 'myVisits', icon: 'group', part: 'mine' },
  },
  { path: '/visits/invite', load: () => import('../features/visits/invite'), needs: ['visit.invite', 'own'], module: 'visitors' },
  {
    path: '/visits/invite/:invitation_id',
    load: () => import('../features/visits/invite'),
    needs: ['visit.invite', 'own'],
    module: 'visitors',
  },
  {
    path: '/visit-history',
    load: () => import('../features/visits/past'),
    needs: ['visit.history', 'all'],
    module: 'visitors',
    nav: { word: 'pastVisits', icon: 'calendar', part: 'work' },
  },
  { path: '/visit-deletions', load: () => import('../features/visits/deletions'), needs: ['visit.history', 'all'], module: 'visitors' },
  { path: '/visits/:visit_id', load: () => import('../features/visits/detail'), needs: ['visit.read', 'own'], module: 'visitors' },
  {
    path: '/roll-call',
    load: () => import('../features/roll-call'),
    needs: ['roll_call.read', 'all'],
    module: 'visitors',
    nav: { word: 'rollCall', icon: 'flag', part: 'work', bar: true },
  },
  { path: '/roll-call/start', load: () => import('../features/roll-call/start'), needs: ['roll_call.start', 'all'], module: 'visitors' },
  {
    path: '/roll-call/:roll_call_id',
    load: () => import('../features/roll-call/call'),
    needs: ['roll_call.read', 'all'],
    module: 'visitors',
  },
  {
    path: '/sites/:site_id/assembly-point',
    load: () => import('../features/roll-call/poster'),
    needs: ['roll_call.read', 'all'],
    module: 'visitors',
  },
  {
    path: '/sharing',
    load: () => import('../features/sharing'),
    needs: ['switch.edit', 'own'],
    module: 'attendance',
    nav: { word: 'sharing', icon: 'here', part: 'mine', bar: true },
  },
  {
    path: '/my-data',
    load: () => import('../features/my-data'),
    needs: ['workday.read', 'own'],
    module: 'attendance',
    nav: { word: 'myData', icon: 'shield', part: 'mine', bar: true },
  },
  {
    path: '/attendance',
    load: () => import('../features/attendance'),
    needs: ['workday.read', 'all'],
    module: 'attendance',
    nav: { word: 'attendance', icon: 'calendar', part: 'work', bar: true },
  },
  {
    path: '/attendance/approve',
    load: () => import('../features/attendance/approve'),
    needs: ['workday.approve', 'all'],
    module: 'attendance',
  },
  {
    path: '/attendance/export',
    load: () => import('../features/attendance/export'),
    needs: ['attendance.export', 'all'],
    module: 'attendance',
  },
  {
    path: '/attendance/:person_id',
    load: () => import('../features/attendance/person'),
    needs: ['workday.read', 'all'],
    module: 'attendance',
  },
  {
    path: '/corrections',
    load: () => import('../features/corrections'),
    needs: ['correction.decide', 'all'],
    module: 'attendance',
    nav: { word: 'corrections', icon: 'edit', part: 'work' },
  },
  {
    path: '/messages',
    load: () => import('../features/messages'),
    needs: ['message.read', 'all'],
    module: 'messages',
    nav: { word: 'messages', icon: 'send', part: 'work' },
  },
  { path: '/messages/new', load: () => import('../features/messages/compose'), needs: ['message.send', 'all'], module: 'messages' },
  { path: '/messages/templates', load: () => import('../features/templates/list'), needs: ['template.read', 'all'], module: 'messages' },
  {
    path: '/messages/templates/new',
    load: () => import('../features/templates/detail'),
    needs: ['template.edit', 'all'],
    module: 'messages',
  },
  {
    path: '/messages/settings',
    load: () => import('../features/messages/settings'),
    needs: ['messaging_settings.read', 'all'],
    module: ['messages', 'alerts'],
  },
  {
    path: '/messages/templates/:template_id',
    load: () => import('../features/templates/detail'),
    needs: ['template.read', 'all'],
    module: 'messages',
  },
  { path: '/messages/:message_id', load: () => import('../features/messages/detail'), needs: ['message.read', 'all'], module: 'messages' },
  {
    path: '/replies',
    load: () => import('../features/inbox/replies'),
    needs: ['reply.read', 'all'],
    module: 'messages',
    nav: { word: 'replies', icon: 'list', part: 'work' },
  },
  {
    path: '/contacts',
    load: () => import('../features/contacts'),
    needs: ['contact.read', 'all'],
    module: 'messages',
    nav: { word: 'contacts', icon: 'group', part: 'work' },
  },
  { path: '/contacts/:person_id', load: () => import('../features/contacts/detail'), needs: ['contact.read', 'all'], module: 'messages' },
  {
    path: '/geofences',
    load: () => import('../features/geofences/list'),
    needs: ['fence.read', 'all'],
    module: 'geofence',
    nav: { word: 'geofences', icon: 'map', part: 'work' },
  },
  { path: '/geofences/new', load: () => import('../features/geofences/draw'), needs: ['fence.edit', 'all'], module: 'geofence' },
  { path: '/geofences/import', load: () => import('../features/geofences/import'), needs: ['fence.edit', 'all'], module: 'geofence' },
  { path: '/geofences/:fence_id', load: () => import('../features/geofences/detail'), needs: ['fence.read', 'all'], module: 'geofence' },
  { path: '/geofences/:fence_id/edit', load: () => import('../features/geofences/draw'), needs: ['fence.edit', 'all'], module: 'geofence' },
  { path: '/outbox', load: () => import('../features/outbox') },
  { path: '/clock', load: () => import('../features/sitecode/clock'), needs: ['punch.create', 'own'], module: 'attendance' },
  {
    path: '/kiosk-pass',
    load: () => import('../features/kiosks/pass'),
    needs: ['kiosk_pass.read', 'own'],
    module: 'attendance',
    nav: { word: 'kioskPass', icon: 'key', part: 'mine' },
  },
  {
    path: '/people/:person_id/kiosk-pass',
    load: () => import('../features/kiosks/pass'),
    needs: ['kiosk_pass.read', 'all'],
    module: 'attendance',
  },
  {
    path: '/people',
    load: () => import('../features/people/list'),
    needs: ['person.read', 'all'],
    nav: { word: 'people', icon: 'person', part: 'setup' },
  },
  { path: '/people/new', load: () => import('../features/people/edit'), needs: ['person.edit', 'all'] },
  { path: '/people/import', load: () => import('../features/people/import'), needs: ['person.edit', 'all'] },
  { path: '/people/:person_id', load: () => import('../features/people/detail'), needs: ['person.read', 'all'] },
  { path: '/people/:person_id/edit', load: () => import('../features/people/edit'), needs: ['person.edit', 'all'] },
  {
    path: '/groups',
    load: () => import('../features/groups/list'),
    needs: ['group.read', 'all'],
    nav: { word: 'groups', icon: 'group', part: 'setup' },
  },
  { path: '/groups/:group_id', load: () => import('../features/groups/detail'), needs: ['group.read', 'all'] },
  {
    path: '/sites',
    load: () => import('../features/sites'),
    needs: ['site.edit', 'all'],
    nav: { word: 'sites', icon: 'building', part: 'setup' },
  },
  {
    path: '/visit-setup',
    load: () => import('../features/visit-setup'),
    needs: ['visit.set_up', 'all'],
    module: 'visitors',
    nav: { word: 'visitSetUp', icon: 'person', part: 'setup' },
  },
  { path: '/deny-list', load: () => import('../features/visit-setup/deny'), needs: ['deny.propose', 'all'], module: 'visitors' },
  {
    path: '/visit-setup/webhooks',
    load: () => import('../features/visit-setup/webhooks'),
    needs: ['visit.set_up', 'all'],
    module: 'visitors',
  },
  {
    path: '/visit-setup/types/:type_id',
    load: () => import('../features/visit-setup/type'),
    needs: ['visit.set_up', 'all'],
    module: 'visitors',
  },
  {
    path: '/visit-setup/sites/:site_id',
    load: () => import('../features/visit-setup/site'),
    needs: ['visit.set_up', 'all'],
    module: 'visitors',
  },
  {
    path: '/shifts',
    load: () => import('../features/shifts'),
    needs: ['window.read', 'all'],
    nav: { word: 'shifts', icon: 'calendar', part: 'setup' },
  },
  {
    path: '/members',
    load: () => import('../features/members'),
    needs: ['member.read', 'all'],
    nav: { word: 'members', icon: 'key', part: 'setup' },
  },
  {
    path: '/devices',
    load: () => import('../features/devices'),
    needs: ['device.read', 'all'],
    nav: { word: 'devices', icon: 'phone', part: 'setup' },
  },
  { path: '/enrol', load: () => import('../features/devices/enrol'), needs: ['device.enrol', 'own'] },
  {
    path: '/kiosks',
    load: () => import('../features/kiosks/kiosks'),
    needs: ['device.enrol', 'all'],
    module: 'attendance',
    nav: { word: 'kiosks', icon: 'qr', part: 'setup' },
  },
  { path: '/sites/:site_id/poster', load: () => import('../features/kiosks/poster'), needs: ['punch.code', 'all'], module: 'attendance' },
  {
    path: '/data-protection',
    load: () => import('../features/organization/protection'),
    needs: ['refusal.read', 'all'],
    nav: { word: 'privacy', icon: 'shield', part: 'setup' },
  },
  {
    path: '/organization',
    load: () => import('../features/organization'),
    needs: ['refusal.read', 'all'],
    nav: { word: 'settings', icon: 'settings', part: 'setup' },
  },
  {
    path: '/account',
    load: () => import('../features/session/account'),
    needs: ['me.read', 'own'],
    nav: { word: 'account', icon: 'person', part: 'mine' },
  },
  { path: '/account/reach', load: () => import('../features/push'), needs: ['push.read', 'own'], module: ['messages', 'alerts'] },
];

/** Whether a screen is for whoever is signed in. The server decides again with every request. */
export function isFor(route: Route): boolean {
  return (!route.needs || may(...route.needs)) && (!route.module || [route.module].flat().some(hasModule));
}

/** The screens in the navigation, in order. */
export const navigation = (): Route[] => ROUTES.filter((route) => route.nav && isFor(route));

/** Whether a screen of the navigation is where we are, or above it. */
export function isHere(route: Route): boolean {
  const path = at.value.path === '/' ? (navigation()[0]?.path ?? '/') : at.value.path;
  return path === route.path || path.startsWith(`${route.path}/`);
}

/** The route of a path; `/` is the first screen of the navigation. */
export function routeOf(path: string): { route: Route; params: Record<string, string> } | null {
  if (path !== '/') return match(ROUTES, path);
  const home = navigation()[0];
  return home ? { route: home, params: {} } : null;
}
