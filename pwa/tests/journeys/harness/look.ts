/** How somebody looks at the app. */
export interface Look {
  language: 'nl' | 'en';
  form: 'phone' | 'desk';
  theme: 'light' | 'dark';
}

/** Whether every journey runs in every look. */
export const isMatrix = process.env['MATRIX'] === 'all';

export const everyLook: readonly Look[] = (['nl', 'en'] as const).flatMap((language) =>
  (['phone', 'desk'] as const).flatMap((form) => (['light', 'dark'] as const).map((theme) => ({ language, form, theme }))),
);

/** A look drawn from a name: always the same for the same name, and evenly spread over many. */
export function drawnFrom(name: string): Look {
  let hash = 0x811c9dc5;
  for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return everyLook[(hash >>> 8) % everyLook.length] as Look;
}

/** What the browser says of itself for a look. 360 by 740 is a small phone in CSS pixels. */
export const browserFor = (look: Look) => ({
  locale: look.language === 'nl' ? 'nl-NL' : 'en-GB',
  colorScheme: look.theme,
  viewport: look.form === 'phone' ? { width: 360, height: 740 } : { width: 1280, height: 800 },
  isMobile: look.form === 'phone',
  hasTouch: look.form === 'phone',
});
