import type { Rollup } from 'vite';

/** The chunks of a build for which `which` holds, all that they import at once, and their styles. */
export function filesOf(bundle: Rollup.OutputBundle, which: (chunk: Rollup.OutputChunk) => boolean): Set<string> {
  const found = new Set<string>();
  const add = (name: string): void => {
    const chunk = bundle[name];
    if (found.has(name) || chunk?.type !== 'chunk') return;
    found.add(name);
    for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style);
    chunk.imports.forEach(add);
  };
  for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk' && which(chunk)) add(chunk.fileName);
  return found;
}
