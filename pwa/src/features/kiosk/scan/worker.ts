/** jsQR, away from the page: a picture takes a tenth of a second. Says null when it is there, then one answer for each picture. */
import jsQR from 'jsqr';

addEventListener('message', ({ data }: MessageEvent<ImageData>) => {
  const found = jsQR(data.data, data.width, data.height, { inversionAttempts: 'attemptBoth' });
  postMessage(found?.data || null);
});
postMessage(null);
