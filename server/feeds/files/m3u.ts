import { columnsOf, FileFault, rowsMax, type Table, type TableRow } from './table.ts';

const attribute = /([\w-]{1,64})="([^"]*)"/g;

/** `#EXTINF:` with its attributes and title, and the address on the next line. */
export function readM3u(text: string): Table {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|[\r\n]/);
  const table: Table = { columns: [], rows: [], rejected: [] };
  let open: { row: string; fields: Map<string, string> } | null = null;
  for (const [index, line] of lines.entries()) {
    const plain = line.trim();
    if (plain.startsWith('#EXTINF:')) {
      if (open) table.rejected.push({ row: open.row, code: 'NO_ADDRESS', about: null });
      open = { row: `line ${index + 1}`, fields: fieldsOf(plain) };
    } else if (plain.startsWith('#EXTGRP:')) open?.fields.set('group-title', plain.slice('#EXTGRP:'.length).trim());
    else if (plain !== '' && !plain.startsWith('#')) {
      const entry: TableRow & { fields: Map<string, string> } = open ?? { row: `line ${index + 1}`, fields: new Map() };
      entry.fields.set('url', plain);
      table.rows.push(entry);
      open = null;
      if (table.rows.length > rowsMax)
        throw new FileFault('ROWS_MANY', `it has more than ${rowsMax} entries`, { about: rowsMax });
    }
  }
  if (open) table.rejected.push({ row: open.row, code: 'NO_ADDRESS', about: null });
  table.columns = columnsOf(table.rows);
  return table;
}

function fieldsOf(line: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [, name = '', value = ''] of line.matchAll(attribute)) fields.set(name.toLowerCase(), unescaped(value));
  const title = line
    .replaceAll(attribute, '')
    .replace(/^#EXTINF:[^,]*,/, '')
    .trim();
  if (title !== '') fields.set('title', title);
  return fields;
}

export function m3uOf(entries: readonly { title: string; url: string; fields: ReadonlyMap<string, string> }[]): string {
  const lines = entries.flatMap(({ title, url, fields }) => {
    const attributes = [...fields].map(([name, value]) => ` ${name}="${escaped(value)}"`).join('');
    return [`#EXTINF:-1${attributes},${oneLine(title)}`, oneLine(url)];
  });
  return `${['#EXTM3U', ...lines].join('\n')}\n`;
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ');
const escaped = (text: string) => oneLine(text).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
const unescaped = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
