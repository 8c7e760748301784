import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { Api } from './api.ts';
import { axe, fits } from './axe.ts';
import { commonHouse, newOrganization, openHouse, type Address, type Organization, type Person, type Role } from './house.ts';
import { browserFor, drawnFrom, isMatrix, type Look } from './look.ts';
import { Watch } from './watch.ts';

export { axe, expect, fits };
export { launch } from './launch.ts';
export { forgetVisits, inside, outside, newOrganization, newTown, textsTo, turnServer } from './house.ts';
export type { Address, Look, Organization, Page, Person, Role };

export interface Options {
  /** Set by the projects of the matrix. */
  look: Look | null;
  /** What a journey cannot do without: `test.use({ only: { form: 'desk' } })`. */
  only: Partial<Look>;
}

interface Fixtures extends Options {
  /** The look of this run: language, form, theme. */
  as: Look;
  /** The Dutch or the English words, as the look has it: `say('Inloggen', 'Sign in')`. */
  say: (dutch: string, english: string) => string;
  /** Where the server is. */
  house: Address;
  /** An organization that nobody else uses, in the language of the look. */
  organization: Organization;
  /** What must not happen in the browser; the journey fails on all that is not allowed. */
  watch: Watch;
  /** Sign the page in as somebody of the organization, and open a screen (`/`). */
  signIn: (who: Role | Person, path?: string) => Promise<Page>;
  /** A second browser, signed in as somebody else, watched alike. */
  another: (who: Role | Person, path?: string) => Promise<Page>;
  /** The API as somebody of the organization, to make and to look things up. */
  api: (who: Role | Person) => Promise<Api>;
  /** A position sent by the colleague's phone, or by any device token: it can be made late by `seconds_ago`. */
  ping: (
    at: { latitude: number; longitude: number },
    more?: { accuracy_m?: number; seconds_ago?: number; token?: string },
  ) => Promise<void>;
}

interface WorkerFixtures {
  /** Servers for this worker alone, to end and to break: slow to start (about ten seconds), so only where the common ones cannot do. */
  ownHouse: Address;
}

const WITH_WORKER = new Set(['@offline', '@browser']);

let callers = 0;
/** Each test comes from an address of its own, so that the failures of one slow no other one down. */
function ownAddress(worker: number): Record<string, string> {
  callers += 1;
  return { 'X-Forwarded-For': `10.${worker % 250}.${callers >> 8}.${callers & 255}` };
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  look: [null, { option: true }],
  only: [{}, { option: true }],
  as: async ({ look, only }, use, info) => {
    const wanted = Object.entries(only) as [keyof Look, string][];
    base.skip(look !== null && wanted.some(([part, value]) => look[part] !== value), 'not in this look');
    await use(look ?? { ...drawnFrom(info.titlePath.join(' ')), ...only });
  },
  say: async ({ as }, use) => use((dutch, english) => (as.language === 'nl' ? dutch : english)),
  house: async ({}, use) => use(commonHouse()),
  ownHouse: [
    async ({}, use) => {
      const house = await openHouse(process.env['PWA_DIR']);
      await use(house.address);
      await house.close();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  baseURL: async ({ house }, use) => use(house.url),
  locale: async ({ as }, use) => use(browserFor(as).locale),
  colorScheme: async ({ as }, use) => use(browserFor(as).colorScheme),
  viewport: async ({ as }, use) => use(browserFor(as).viewport),
  isMobile: async ({ as }, use) => use(browserFor(as).isMobile),
  hasTouch: async ({ as }, use) => use(browserFor(as).hasTouch),
  timezoneId: async ({}, use) => use('Europe/Amsterdam'),
  contextOptions: async ({}, use) => use({ reducedMotion: 'reduce' }),
  // The service worker loads the whole app anew into each browser, a fifth of all work: but for the matrix, only where a journey is about it.
  serviceWorkers: async ({}, use, info) => use(isMatrix || info.tags.some((tag) => WITH_WORKER.has(tag)) ? 'allow' : 'block'),
  extraHTTPHeaders: async ({}, use, info) => use(ownAddress(info.parallelIndex)),
  organization: async ({ house, as }, use) => use(await newOrganization(house, { locale: as.language })),
  watch: async ({ context, house }, use) => {
    const watch = new Watch(context, house.url);
    await use(watch);
    expect(watch.unexpected, 'what must not happen in the browser').toEqual([]);
  },
  page: async ({ page, watch: _ }, use) => use(page),
  signIn: async ({ page, context, organization }, use) => {
    await use(async (who, path = '/') => enter(page, context, personOf(organization, who), path));
  },
  another: async ({ browser, as, house, organization, extraHTTPHeaders, timezoneId, serviceWorkers }, use) => {
    const watches: Watch[] = [];
    const contexts: BrowserContext[] = [];
    await use(async (who, path = '/') => {
      const settings = {
        ...browserFor(as),
        baseURL: house.url,
        extraHTTPHeaders: extraHTTPHeaders ?? {},
        reducedMotion: 'reduce' as const,
        ...(serviceWorkers ? { serviceWorkers } : {}),
      };
      const context = await browser.newContext({ ...settings, ...(timezoneId ? { timezoneId } : {}) });
      contexts.push(context);
      watches.push(new Watch(context, house.url));
      return enter(await context.newPage(), context, personOf(organization, who), path);
    });
    for (const context of contexts) await context.close();
    expect(
      watches.flatMap((watch) => watch.unexpected),
      'what must not happen in the other browser',
    ).toEqual([]);
  },
  api: async ({ playwright, house, organization, extraHTTPHeaders }, use) => {
    const requests = new Map<string, Api>();
    await use(async (who) => {
      const person = personOf(organization, who);
      const known = requests.get(person.sign_in);
      if (known) return known;
      const request = await playwright.request.newContext({ baseURL: house.url, extraHTTPHeaders: extraHTTPHeaders ?? {} });
      const api = await new Api(request).signIn(person);
      requests.set(person.sign_in, api);
      return api;
    });
  },
  ping: async ({ request, organization }, use) => {
    await use(async (at, { accuracy_m = 10, seconds_ago = 0, token = organization.phone.token } = {}) => {
      const recorded_at = new Date(Date.now() - seconds_ago * 1000).toISOString();
      const pings = [{ id: crypto.randomUUID(), recorded_at, ...at, accuracy_m }];
      await new Api(request).send('POST', '/pings', { pings }, token);
    });
  },
});

const personOf = (organization: Organization, who: Role | Person): Person => (typeof who === 'string' ? organization.people[who] : who);

/** Load the page anew without a network, until it says so: now and then Chromium forgets for a new page that it was told there is none. */
export async function reloadOffline(page: Page, say: Fixtures['say']): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(say('Je bent offline.', 'You are offline.')).first()).toBeVisible({ timeout: 4_000 });
  }).toPass();
}

/** Leave the mark that the sign-in screen leaves, once: signing out takes it away. */
export async function signedInHere(page: Page): Promise<void> {
  await page.addInitScript(() => {
    if (sessionStorage.getItem('marked') === null) localStorage.setItem('session', '1');
    sessionStorage.setItem('marked', '1');
  });
}

async function enter(page: Page, context: BrowserContext, person: Person, path: string): Promise<Page> {
  await new Api(context.request).signIn(person);
  // As signing in on the screen leaves it, once: without this mark the app asks for nobody.
  await page.addInitScript(() => {
    if (sessionStorage.getItem('entered') === null) localStorage.setItem('session', '1');
    sessionStorage.setItem('entered', '1');
  });
  await page.goto(path);
  return page;
}
