import Papa from 'papaparse';

import { columnsMax, FileFault, rowsMax, type Table } from './table.ts';

/** A spreadsheet runs a cell that begins so; a quote before it keeps it text. */
const formula = /^'*[=+\-@\t\r]/;
const guarded = /^'+[=+\-@\t\r]/;

/** The first row names the columns; the delimiter is found by looking. */
export function readCsv(text: string): Table {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), {
    skipEmptyLines: 'greedy',
    delimitersToGuess: [',', '\t', ';', '|'],
    preview: rowsMax + 2,
  });
  const [head, ...body] = data;
  if (!head || head.length < 2) throw new FileFault('COLUMNS_FEW', 'the first row names fewer than two columns');
  if (head.length > columnsMax)
    throw new FileFault('COLUMNS_MANY', `it has more than ${columnsMax} columns`, { about: columnsMax });
  if (body.length > rowsMax) throw new FileFault('ROWS_MANY', `it has more than ${rowsMax} rows`, { about: rowsMax });
  const columns = namesOf(head);
  const torn = new Set(errors.flatMap(({ type, row }) => (type === 'Quotes' && row !== undefined ? [row] : [])));
  const table: Table = { columns, rows: [], rejected: [] };
  for (const [index, cells] of body.entries()) {
    const row = `row ${index + 2}`;
    if (torn.has(index + 1)) table.rejected.push({ row, code: 'QUOTES', about: null });
    else table.rows.push({ row, fields: new Map(columns.map((column, at) => [column, plain(cells[at] ?? '')])) });
  }
  return table;
}

/** Cells that a spreadsheet would run are made text; `readCsv` undoes it. */
export function csvOf(columns: readonly string[], rows: readonly object[]): string {
  const text = Papa.unparse({ fields: [...columns], data: [...rows] }, { escapeFormulae: formula, newline: '\r\n' });
  return `\uFEFF${text}\r\n`;
}

function plain(cell: string): string {
  return guarded.test(cell) ? cell.slice(1) : cell;
}

/** Unnamed and doubled columns get names of their own. */
function namesOf(head: readonly string[]): string[] {
  const names: string[] = [];
  for (const [index, cell] of head.entries()) {
    const wanted = cell.trim() === '' ? `column ${index + 1}` : cell.trim();
    let name = wanted;
    for (let copy = 2; names.includes(name); copy += 1) name = `${wanted} (${copy})`;
    names.push(name);
  }
  return names;
}
