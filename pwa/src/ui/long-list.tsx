import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

const MARGIN_ROWS = 8;
/** A list this short is drawn whole: the browser's own search finds everything in it. */
const SHORT_ROWS = 150;

interface LongListProps<Row> {
  label: string;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Every row has this height (CSS pixels at normal size; grows with the text). */
  row_rem: number;
  children: (row: Row) => ComponentChildren;
}

/** A list of thousands: only the rows in sight are drawn, and readers are told which of how many they are. It scrolls with the page. */
export function LongList<Row>({ label, rows, rowKey, row_rem, children }: LongListProps<Row>) {
  const list = useRef<HTMLUListElement>(null);
  const [first, setFirst] = useState(0);
  const isShort = rows.length <= SHORT_ROWS;
  const row_px = () => row_rem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const inSight = Math.ceil((typeof innerHeight === 'number' ? innerHeight : 800) / (row_rem * 16)) + 2 * MARGIN_ROWS;
  useLayoutEffect(() => {
    if (isShort) return undefined;
    const scrolled = () => {
      const above = -(list.current?.getBoundingClientRect().top ?? 0);
      setFirst(Math.max(0, Math.floor(above / row_px() / MARGIN_ROWS) * MARGIN_ROWS - MARGIN_ROWS));
    };
    scrolled();
    addEventListener('scroll', scrolled, { passive: true });
    return () => removeEventListener('scroll', scrolled);
  }, [isShort, rows.length]);
  const start = isShort ? 0 : Math.min(first, Math.max(0, rows.length - inSight));
  const drawn = isShort ? rows : rows.slice(start, start + inSight);
  return (
    <ul
      ref={list}
      class={isShort ? 'long-list' : 'long-list windowed'}
      aria-label={label}
      style={{ '--row': `${row_rem}rem`, '--before': String(start), '--rows': String(rows.length) }}
    >
      {drawn.map((row, nth) => (
        <li key={rowKey(row)} aria-setsize={rows.length} aria-posinset={start + nth + 1}>
          {children(row)}
        </li>
      ))}
    </ul>
  );
}
