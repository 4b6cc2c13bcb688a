import type { FileFaultCode, ImportFormat, RejectedRow } from '#server/contracts/feeds.ts';

/** What every format comes down to: rows of named texts. */
export interface Table {
  columns: string[];
  rows: TableRow[];
  /** Rows that could not be read at all. */
  rejected: RejectedRow[];
}

export interface TableRow {
  /** Finds it again in the file. */
  row: string;
  fields: ReadonlyMap<string, string>;
}

/** A file that can not be read as what it is said to be; the message is for the log. */
export class FileFault extends Error {
  readonly code: FileFaultCode;
  /** What the sentence of the code names. */
  readonly about: string | null;
  constructor(
    code: FileFaultCode,
    message: string,
    { about = null, cause }: { about?: string | number | null; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'FileFault';
    this.code = code;
    this.about = about === null ? null : String(about);
  }
}

export const rowsMax = 50_000;
export const columnsMax = 200;

/** Columns in the order in which they first appear. */
export function columnsOf(rows: readonly TableRow[]): string[] {
  const columns = new Set<string>();
  for (const { fields } of rows) for (const column of fields.keys()) columns.add(column);
  return [...columns].slice(0, columnsMax);
}

/** By the file's name, else by how it begins. */
export function formatOf(name: string, text: string): ImportFormat {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  const begin = text
    .slice(0, 1000)
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (begin.startsWith('#EXTM3U')) return 'm3u';
  if (begin.startsWith('{') || begin.startsWith('[')) return 'geojson';
  // A web page as well, whatever it was saved as: what reads XML calls it by its name.
  if (/^<(?:\?xml|opml|!|html\b)/i.test(begin)) return 'opml';
  if (ending === 'm3u' || ending === 'm3u8') return 'm3u';
  if (ending === 'geojson' || ending === 'json') return 'geojson';
  return ending === 'opml' || ending === 'xml' ? 'opml' : 'csv';
}
