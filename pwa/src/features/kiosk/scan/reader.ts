/**
 * Reads QR codes in pictures: the browser's own reader where it has one, else jsQR in a worker, fetched when the first code is scanned.
 * (Readers that need blob: or wasm would break the server's policy.)
 */

/** The text of a code in the picture, or null. */
export type Reader = (picture: HTMLCanvasElement) => Promise<string | null>;

interface Detector {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

let reader: Promise<Reader> | null = null;

/** The reader of this browser; made once. Rejects when jsQR cannot be fetched: asked again, it is tried again. */
export function qrReader(): Promise<Reader> {
  reader ??= make().catch((error: unknown) => {
    reader = null;
    throw error;
  });
  return reader;
}

async function make(): Promise<Reader> {
  const native = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  const formats = await native?.getSupportedFormats().catch(() => null);
  if (formats?.includes('qr_code')) {
    const detector = new native!({ formats: ['qr_code'] });
    return async (picture) => (await detector.detect(picture))[0]?.rawValue ?? null;
  }
  return byWorker();
}

function byWorker(): Promise<Reader> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  return new Promise((ready, failed) => {
    worker.onerror = () => failed(new Error('the reader of codes cannot be had'));
    worker.onmessage = () => ready((picture) => ask(worker, picture));
  });
}

/** One picture at a time: the caller waits for the answer. */
function ask(worker: Worker, picture: HTMLCanvasElement): Promise<string | null> {
  const pixels = picture.getContext('2d', { willReadFrequently: true })?.getImageData(0, 0, picture.width, picture.height);
  if (!pixels) return Promise.resolve(null);
  return new Promise((resolve) => {
    worker.onmessage = (event: MessageEvent<string | null>) => resolve(event.data);
    worker.postMessage(pixels, [pixels.data.buffer]);
  });
}
