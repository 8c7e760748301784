/**
 * The service worker: the app without a network, and the outbox without a tab. It caches files of the app and nothing else: no answer of the
 * API is ever kept here.
 */
import { answer, forgetOldShells, installShell } from './cache';
import './push';
import './sync';
import './update';

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('install', (event) => event.waitUntil(installShell()));
self.addEventListener('activate', (event) => event.waitUntil(Promise.all([forgetOldShells(), self.clients.claim()])));
self.addEventListener('fetch', (event) => {
  const answered = answer(event.request);
  if (answered) event.respondWith(answered);
});
