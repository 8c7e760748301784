/** The screen stays on while the kiosk is in sight. Browsers take the lock back when the page is hidden, so it is asked for again. */

interface WakeLocks {
  wakeLock?: { request(kind: 'screen'): Promise<unknown> };
}

export function stayAwake(): void {
  const ask = () => {
    if (document.visibilityState !== 'visible') return;
    void (navigator as WakeLocks).wakeLock?.request('screen').catch(() => undefined); // low battery, or not allowed: the tablet's own settings count
  };
  document.addEventListener('visibilitychange', ask);
  addEventListener('pointerdown', ask, { once: true });
  ask();
}
