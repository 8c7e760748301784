import type { ComponentChildren } from 'preact';

/** A published text in the Markdown that our texts use: headings, lists, paragraphs. Everything else is shown as it stands. */
export function Prose({ text, from = 2 }: { text: string; from?: 2 | 3 }) {
  const Heading = `h${from}` as const;
  return (
    <div class="prose stack">
      {text.split(/\n{2,}/).map((block, nth) => {
        const lines = block.trim().split('\n');
        const first = lines[0] ?? '';
        if (/^#+ /.test(first)) return <Heading key={nth}>{first.replace(/^#+ /, '')}</Heading>;
        if (first.startsWith('- ')) {
          return (
            <ul key={nth}>
              {listed(lines).map((item) => (
                <li key={item}>{item}</li>
              ))}
            </ul>
          );
        }
        return first && <Paragraph key={nth}>{lines.join(' ')}</Paragraph>;
      })}
    </div>
  );
}

const Paragraph = ({ children }: { children: ComponentChildren }) => <p>{children}</p>;

/** Items of a list; a line that does not begin one goes on with the one before it. */
function listed(lines: readonly string[]): string[] {
  const items: string[] = [];
  for (const line of lines) {
    if (line.startsWith('- ')) items.push(line.slice(2));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return items;
}
