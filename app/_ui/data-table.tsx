'use client';

import {
  createColumnHelper,
  flexRender,
  metaHelper,
  tableFeatures,
  useTable,
  type ColumnDef,
  type RowData,
} from '@tanstack/react-table';
import { useRef, type KeyboardEvent, type ReactNode } from 'react';

import { cn } from '../_lib/class-name.ts';

interface ColumnLook {
  /** Of the cell on a desk. */
  className?: string;
  /** Left out where there is little room: beside a panel, and in a phone's two-line item. */
  isSpare?: boolean;
}

const features = tableFeatures({ columnMeta: metaHelper<ColumnLook>() });
type Features = typeof features;

/** A column: its head, what stands in its cells, and where they are left out. */
export type Columns<Row extends RowData> = ColumnDef<Features, Row>[];

/** A column of `head` and `cell`, as `DataTable` takes it. */
export function column<Row extends RowData>(
  id: string,
  head: string,
  cell: (row: Row) => ReactNode,
  look: ColumnLook = {},
): ColumnDef<Features, Row> {
  return createColumnHelper<Features, Row>().display({
    id,
    header: head,
    meta: look,
    cell: ({ row }) => cell(row.original),
  });
}

type DataTableProps<Row extends RowData> = {
  label: string;
  columns: Columns<Row>;
  rows: Row[];
  rowId: (row: Row) => string;
  openId: string | null;
  onOpen: (id: string) => void;
  isStale?: boolean;
};

/**
 * A dense table whose rows open: arrows, Home and End move between rows, Enter opens. On a phone each row is an item of two lines. The first column names
 * the row.
 */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowId, openId, onOpen, isStale = false } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const table = useTable<Features, Row>({ features, columns, data: rows, getRowId: rowId });
  const onKey = (event: KeyboardEvent) => {
    const buttons = [...(body.current?.querySelectorAll<HTMLButtonElement>('[data-row-open]') ?? [])];
    const at = buttons.findIndex((button) => button === event.currentTarget);
    if (at < 0) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[Math.min(buttons.length - 1, Math.max(0, to))]?.focus();
  };
  const tabStop = rows.some((row) => rowId(row) === openId) ? openId : rows[0] ? rowId(rows[0]) : null;
  return (
    <div className="@container">
      <table aria-label={label} className={cn('w-full text-13 max-md:block', isStale && 'opacity-60')}>
        <thead className="max-md:sr-only">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="border-b border-line-strong text-12 text-quiet">
              {group.headers.map((header) => (
                <th
                  key={header.id}
                  scope="col"
                  className={cn(
                    'px-2 py-2 text-left font-normal whitespace-nowrap',
                    header.column.columnDef.meta?.isSpare && '@max-3xl:hidden',
                    header.column.columnDef.meta?.className,
                  )}
                >
                  {flexRender(header.column.columnDef.header, header.getContext())}
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody ref={body} className="max-md:block">
          {table.getRowModel().rows.map((row) => {
            const isOpen = row.id === openId;
            return (
              <tr
                key={row.id}
                onClick={(event) => {
                  // Links and buttons inside the row do their own; a marked text is being copied.
                  if (event.target instanceof Element && event.target.closest('a, button, input')) return;
                  if (window.getSelection()?.isCollapsed === false) return;
                  onOpen(row.id);
                }}
                className={cn(
                  'cursor-pointer border-b border-line transition-colors duration-150 hover:bg-hover max-md:flex max-md:min-h-14 max-md:flex-wrap max-md:items-baseline max-md:gap-x-3 max-md:py-2',
                  isOpen && 'bg-signal-wash',
                )}
              >
                {row.getAllCells().map((cell, at) => {
                  const look = cell.column.columnDef.meta;
                  const classes = cn(
                    'min-w-0 px-2 align-middle md:h-9 md:py-1',
                    at === 0
                      ? 'text-left font-medium max-md:basis-full'
                      : 'text-quiet max-md:max-w-full max-md:text-12 max-md:empty:hidden',
                    look?.isSpare && '@max-3xl:hidden',
                    look?.className,
                  );
                  if (at > 0) {
                    return (
                      <td key={cell.id} className={classes}>
                        {flexRender(cell.column.columnDef.cell, cell.getContext())}
                      </td>
                    );
                  }
                  return (
                    <th key={cell.id} scope="row" className={classes}>
                      <button
                        type="button"
                        data-row-open={row.id}
                        aria-expanded={isOpen}
                        tabIndex={row.id === tabStop ? 0 : -1}
                        onClick={() => onOpen(row.id)}
                        onKeyDown={onKey}
                        className="max-w-full rounded-control text-left hover:underline max-md:wrap-anywhere md:max-w-80 md:truncate"
                      >
                        {flexRender(cell.column.columnDef.cell, cell.getContext())}
                      </button>
                    </th>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
