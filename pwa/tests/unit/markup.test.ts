import ts from 'typescript';
import { expect, test } from 'vitest';

const sources = import.meta.glob<string>('../../src/**/*.tsx', { eager: true, query: '?raw', import: 'default' });
/** Attributes that a person reads or hears. */
const SPOKEN = new Set(['label', 'title', 'aria-label', 'placeholder', 'alt', 'hint', 'about', 'caption', 'head']);
const NAMES = new Set(['Muster']);

/** Texts in the markup of a file that are not in a dictionary, and attributes that the server's policy refuses. */
function loose(source: string, path: string): string[] {
  const found: string[] = [];
  const say = (text: string) => /\p{L}{2}/u.test(text) && !NAMES.has(text.trim()) && found.push(text.trim());
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) say(node.text);
    if (ts.isJsxAttribute(node)) {
      const name = node.name.getText();
      if (name === 'dangerouslySetInnerHTML') found.push(name);
      // An object is set property by property, which the policy allows; text would be an attribute.
      if (name === 'style' && node.initializer && ts.isStringLiteral(node.initializer)) found.push(name);
      if (SPOKEN.has(name) && node.initializer && ts.isStringLiteral(node.initializer)) say(node.initializer.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return found;
}

test('the search finds text and inline styles', () => {
  expect(loose('<p title="Hello there" style="color: red">Good day {name}</p>', 'x.tsx')).toEqual(['Hello there', 'style', 'Good day']);
});

test.each(Object.entries(sources))('%s has all its words in dictionaries, and nothing inline', (path, source) => {
  expect(loose(source, path)).toEqual([]);
});
