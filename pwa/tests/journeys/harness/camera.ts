import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';

const WIDTH = 640;
const HEIGHT = 480;
const FRAMES = 3;

/** What Chromium needs to show a file (Y4M) as its camera, allowed without asking. */
export const cameraFrom = (file: string): string[] => [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  `--use-file-for-fake-video-capture=${file}`,
];

/** Hold a drawing (SVG) before that camera. `page` draws it. */
export async function holdBeforeCamera(page: Page, file: string, svg: string): Promise<void> {
  const luma = await page.evaluate(
    async ({ svg, width, height }) => {
      const picture = new Image();
      picture.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
      await picture.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [width, height];
      const drawing = canvas.getContext('2d')!;
      drawing.fillStyle = '#fff';
      drawing.fillRect(0, 0, width, height);
      drawing.drawImage(picture, (width - height) / 2, 0, height, height);
      const { data } = drawing.getImageData(0, 0, width, height);
      return Array.from({ length: width * height }, (_, pixel) => data[pixel * 4] ?? 255);
    },
    { svg, width: WIDTH, height: HEIGHT },
  );
  const grey = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), Buffer.from(luma), grey]);
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(file, Buffer.concat([head, ...Array.from({ length: FRAMES }, () => frame)]));
}
