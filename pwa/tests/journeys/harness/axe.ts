import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';
import type { RunOptions } from 'axe-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules: RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  resultTypes: ['violations'],
};

/** axe finds nothing on the page as it stands, in the theme of this run: the matrix has both for each screen. */
export async function axe(page: Page): Promise<void> {
  const was = page.viewportSize();
  // As high as what is on it: what a bar lies over could not be judged, and which that is, is chance.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  if (was && height > was.height) await page.setViewportSize({ ...was, height });
  await settled(page);
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const found = await page.evaluate(async (options) => {
    const { violations } = await (window as unknown as { axe: typeof import('axe-core') }).axe.run(document, options);
    return violations.map(
      ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html, failureSummary }) => `  ${html}\n  ${failureSummary}`).join('\n')}`,
    );
  }, rules);
  expect(found, 'axe').toEqual([]);
  if (was && height > was.height) await page.setViewportSize(was);
}

/** Colours that are on their way are no colours to judge. Those of what is folded away never arrive, and are not looked at. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const ending = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity);
    const seen = ending.filter(({ effect }) => !(effect instanceof KeyframeEffect) || (effect.target?.checkVisibility() ?? true));
    await Promise.allSettled(seen.map((animation) => animation.finished));
  });
}

/** Nothing stands out sideways, on the smallest screen we promise (320 px) and as it is. */
export async function fits(page: Page): Promise<void> {
  const was = page.viewportSize();
  for (const size of [{ width: 320, height: 640 }, was]) {
    if (!size) continue;
    await page.setViewportSize(size);
    // A page is laid out anew a moment after its window changed; widths are rounded up to whole pixels.
    const excess = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await expect.poll(excess, { message: `pixels too wide at ${size.width}` }).toBeLessThanOrEqual(1);
  }
}
