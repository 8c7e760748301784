import '../../app/trusted-types';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { chosenLanguage, firstSpoken, setLanguage } from '../../i18n';
import { startSync } from '../../offline/sync';
import { startWorker, takeUpdate, update } from '../../offline/worker';
import './kiosk.css';
import { kiosk, recallKiosk, refreshKiosk } from './device';
import { step, typed, watchHands } from './flow';
import { App } from './app';
import { qrReader } from './scan/reader';
import { startSweeping } from './visit/flow';
import { recallForm, refreshForm } from './visit/form';
import { stayAwake } from './wake';

const LOOK_MS = 60_000;

/** Once a minute: what the server says of this kiosk; and a new version of the app, when nobody stands here. */
async function look(): Promise<void> {
  await refreshKiosk();
  if (update.value !== 'none' && step.value === 'idle' && typed.value === '') takeUpdate();
}

async function start(root: HTMLElement): Promise<void> {
  await recallKiosk().catch(() => undefined); // a broken store: it must be enrolled anew
  await recallForm();
  await setLanguage(firstSpoken([kiosk.value?.locale ?? chosenLanguage() ?? '', ...navigator.languages]), { keep: false });
  render(<App />, root);
  watchHands();
  startSweeping();
  effect(() => void (kiosk.value && refreshForm())); // at the start, once enrolled, and whenever the server was asked about this kiosk
  stayAwake();
  void startSync(refreshKiosk);
  void startWorker();
  void navigator.serviceWorker?.ready.then(qrReader).catch(() => undefined); // so that codes are read without a network too
  void look();
  setInterval(() => void look(), LOOK_MS);
}

const root = document.getElementById('kiosk');
if (root) void start(root);
