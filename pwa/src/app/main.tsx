import './trusted-types';
import { render } from 'preact';
import { heardAt } from '../api/connection';
import { loadServerWords } from '../api/server-words';
import { chosenLanguage, firstSpoken, prepareFormats, setLanguage } from '../i18n';
import { App, fetchFirst } from './app';
import { startRouter } from './router';
import { startSync } from '../offline/sync';
import { startWorker } from '../offline/worker';
import { begin, hasModule, isMarked, may, me } from './session';
import './theme';

async function start(root: HTMLElement): Promise<void> {
  startRouter();
  const session = begin();
  const words = setLanguage(chosenLanguage() ?? firstSpoken(navigator.languages), { keep: false });
  fetchFirst();
  if (isMarked()) setTimeout(prepareFormats);
  await words;
  render(<App />, root);
  await session;
  await painted();
  void startSync(begin);
  // No answer yet: a network that came or went before anybody listened for that would not be noticed until something is done.
  if (me.value && heardAt.peek() === null) void begin();
  void startWorker();
  await loadServerWords();
  if (me.value && hasModule('attendance')) await (await import('../features/sharing/store')).begin();
  if (may('roll_call.mark', 'all') && hasModule('visitors')) await (await import('../rollcall/keep')).startKeeping();
  if (me.value && globalThis.Notification?.permission === 'granted') await (await import('../messaging/push')).renewPush();
}

/** Once the first screen can be seen: what comes after it shall not hold it up. A hidden tab paints nothing, and does not wait long. */
const painted = () =>
  new Promise<void>((seen) => {
    const look = (list: PerformanceObserverEntryList) => void (list.getEntriesByName('first-contentful-paint').length && seen());
    new PerformanceObserver(look).observe({ type: 'paint', buffered: true });
    setTimeout(seen, 1_000);
  });

const root = document.getElementById('app');
if (root) void start(root);
