import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  key: string;
  head: string;
  cell: (row: Row) => ComponentChildren;
  /** Numbers and times stand at the end, under each other. */
  align?: 'end';
  /** For buttons: the head is there for readers only. */
  bare?: boolean;
}

interface TableProps<Row> {
  /** What it lists; for readers only. */
  caption: string;
  /** The first column names the row. */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Where a row leads: its name becomes a link, and the whole row can be pressed. */
  href?: (row: Row) => string;
}

/** A table that becomes a list of cards on a phone. The roles are said again, because `display` takes them away there. */
export function Table<Row>({ caption, columns, rows, rowKey, href }: TableProps<Row>) {
  return (
    <table role="table" class="table">
      <caption class="unseen">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th role="columnheader" scope="col" key={column.key} class={column.align}>
              {column.bare ? <span class="unseen">{column.head}</span> : column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr role="row" key={rowKey(row)}>
            {columns.map((column, place) =>
              place === 0 ? (
                <th role="rowheader" scope="row" key={column.key}>
                  {href ? <a href={href(row)}>{column.cell(row)}</a> : column.cell(row)}
                </th>
              ) : (
                <td role="cell" key={column.key} class={column.align} data-head={column.bare ? '' : column.head}>
                  {column.cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
