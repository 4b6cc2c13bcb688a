import { z } from 'zod';

import { FeedFault } from '../feed-fault.ts';
import { parseXml } from '../read-document.ts';
import { columnsOf, FileFault, rowsMax, type Table } from './table.ts';

const node = z.record(z.string(), z.unknown());
const frame = z.object({ opml: z.object({ body: node }) });
const nodes = z.array(z.unknown());

/** Outlines that have an address; the ones around them are groups. */
export function readOpml(text: string): Table {
  const read = frame.safeParse(xmlOf(text));
  if (!read.success) throw new FileFault('NOT_OPML', 'it is not OPML: there is no body');
  const table: Table = { columns: [], rows: [], rejected: [] };
  walk(read.data.opml.body, [], table);
  table.columns = columnsOf(table.rows);
  return table;
}

function xmlOf(text: string): unknown {
  try {
    return parseXml(text.replace(/^\uFEFF/, ''), { attributes: true });
  } catch (error) {
    if (error instanceof FeedFault)
      throw new FileFault(error.code === 'HTML' ? 'HTML' : 'NOT_XML', error.message, { cause: error });
    throw error;
  }
}

/** No deeper than the document, whose depth was bounded before it was read. */
function walk(parent: z.infer<typeof node>, groups: readonly string[], table: Table): void {
  const given = parent['outline'];
  if (given === undefined) return;
  for (const child of nodes.safeParse(given).data ?? [given]) {
    const parsed = node.safeParse(child);
    if (!parsed.success) continue;
    const fields = new Map(
      Object.entries(parsed.data).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value] as const] : [],
      ),
    );
    const title = fields.get('text') ?? fields.get('title') ?? '';
    const group = parsed.data['outline'] !== undefined;
    if (!group) {
      if (groups.length > 0) fields.set('group', groups.join(' / '));
      table.rows.push({ row: `outline ${table.rows.length + 1}`, fields });
      if (table.rows.length > rowsMax)
        throw new FileFault('ROWS_MANY', `it has more than ${rowsMax} outlines`, { about: rowsMax });
    }
    walk(parsed.data, title === '' ? groups : [...groups, title], table);
  }
}

export function opmlOf(title: string, outlines: readonly ReadonlyMap<string, string>[]): string {
  const lines = outlines.map((fields) => {
    const attributes = [...fields].map(([name, value]) => ` ${name}="${escaped(value)}"`).join('');
    return `    <outline${attributes}/>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<opml version="2.0">',
    `  <head><title>${escaped(title)}</title></head>`,
    '  <body>',
    ...lines,
    '  </body>',
    '</opml>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/\s+/g, ' ');
}
