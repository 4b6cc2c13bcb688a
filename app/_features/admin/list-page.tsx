'use client';

import type { RowData } from '@tanstack/react-table';
import { useTranslations } from 'next-intl';
import { useMemo, type ReactNode } from 'react';

import { DataTable, type Columns } from '../../_ui/data-table.tsx';
import { List, type Asked } from './list.tsx';
import { AdminPage, Gate } from './page.tsx';
import type { SectionName } from './sections.ts';
import { useAddress } from './use-address.ts';

type ListPageProps<Row extends RowData> = {
  section: SectionName;
  /** What one can begin here. */
  actions?: ReactNode;
  filters?: ReactNode;
  /** Above the rows: what is to be known of all of them. */
  note?: ReactNode;
  /** What is open, at the right. */
  panel?: ReactNode;
  query: Asked & { isPlaceholderData?: boolean };
  rows: Row[];
  rowId: (row: Row) => string;
  columns: Columns<Row>;
  empty: { title: string; text: string };
  isFiltered?: boolean;
  onClear?: () => void;
  /** Left out: what the address says. */
  openId?: string | null;
  onOpen?: (id: string) => void;
};

/** A page of the administration that is one list. */
export function ListPage<Row extends RowData>(props: ListPageProps<Row>) {
  const { section, actions, filters, note, panel, query, rows, rowId, columns, empty, isFiltered = false } = props;
  const t = useTranslations('admin');
  const address = useAddress();
  const { openId = address.openId, onOpen = address.open } = props;
  return (
    <AdminPage section={section} actions={actions} filters={filters} panel={panel}>
      {note}
      <List
        query={query}
        count={rows.length}
        empty={empty}
        isFiltered={isFiltered}
        {...(props.onClear ? { onClear: props.onClear } : {})}
      >
        <DataTable
          label={t(`sections.${section}`)}
          columns={columns}
          rows={rows}
          rowId={rowId}
          openId={openId}
          onOpen={onOpen}
          isStale={query.isPlaceholderData ?? false}
        />
      </List>
    </AdminPage>
  );
}

/** The rows of all pages that were fetched. */
export function useRows<Row>(data: { pages: readonly { items: Row[] }[] } | undefined): Row[] {
  return useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
}

/** A page that says in words where it is not for who asks. */
export function gated(section: SectionName, Page: () => ReactNode): () => ReactNode {
  return function GatedPage() {
    return (
      <Gate section={section}>
        <Page />
      </Gate>
    );
  };
}
