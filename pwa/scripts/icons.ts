/** Draws the PNG icons from public/icon.svg: `node scripts/icons.ts`. Run it when the mark changes; the pictures are committed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

const mark = readFileSync('public/icon.svg', 'utf8');
/** Launchers cut their own shape out of it: the ground reaches the edge, and the mark stays within the middle four fifths. */
const maskable = mark
  .replace(/ rx="[^"]*"/, '')
  .replace(/(<rect[^>]*>)([\s\S]*)<\/svg>/, '$1<g transform="translate(48 48) scale(.82) translate(-48 -48)">$2</g></svg>');
const PICTURES = [
  ['icon-192', mark, 192],
  ['icon-512', mark, 512],
  ['icon-maskable-512', maskable, 512],
  ['apple-touch-icon', maskable, 180],
] as const;

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium' });
for (const [name, svg, size] of PICTURES) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  writeFileSync(`public/${name}.png`, await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
