/** The camera, and the loop that looks for a code in what it sees. Pictures stay in memory. */
import { qrReader, type Reader } from './reader';

/** Why there is nothing to see: not allowed, no camera, used by another program, or the reader cannot be had. */
export type Hindrance = 'denied' | 'none' | 'taken' | 'noReader';

const WIDTH = 640;
const PAUSE_MS = 120;

/** Show what the camera sees in `video` and tell each code found, until `stopped`. Resolves to what hinders, or null when stopped. */
export async function watchForCodes(
  video: HTMLVideoElement,
  found: (text: string) => void,
  stopped: AbortSignal,
  facing: 'user' | 'environment',
): Promise<Hindrance | null> {
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: facing, width: { ideal: 1280 } }, audio: false });
  } catch (error) {
    return hindranceOf(error);
  }
  const end = () => stream.getTracks().forEach((track) => track.stop());
  stopped.addEventListener('abort', end, { once: true });
  if (stopped.aborted) end();
  try {
    video.srcObject = stream;
    const read = await qrReader().catch(() => null);
    if (!read) return 'noReader';
    await video.play().catch(() => undefined);
    await look(video, read, found, stopped);
    return null;
  } finally {
    end();
    video.srcObject = null;
  }
}

async function look(video: HTMLVideoElement, read: Reader, found: (text: string) => void, stopped: AbortSignal): Promise<void> {
  const canvas = document.createElement('canvas');
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  while (!stopped.aborted) {
    if (video.videoWidth > 0 && drawing) {
      canvas.width = Math.min(WIDTH, video.videoWidth);
      canvas.height = Math.round((canvas.width / video.videoWidth) * video.videoHeight);
      drawing.drawImage(video, 0, 0, canvas.width, canvas.height);
      const text = await read(canvas).catch(() => null);
      if (text && !stopped.aborted) found(text);
    }
    await new Promise((next) => setTimeout(next, PAUSE_MS));
  }
}

function hindranceOf(error: unknown): Hindrance {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError') return 'denied';
  return name === 'NotReadableError' || name === 'AbortError' ? 'taken' : 'none';
}
