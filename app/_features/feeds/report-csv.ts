/** A spreadsheet runs a cell that begins so; a quote before it keeps it text. */
const formula = /^'*[=+\-@\t\r]/;

/** With a byte order mark, by which a spreadsheet knows that Japanese is written in UTF-8. */
export async function reportCsv(head: readonly string[], rows: readonly (readonly string[])[]): Promise<string> {
  // Wanted when somebody asks for a report, and by then only.
  const { default: Papa } = await import('papaparse');
  const text = Papa.unparse([[...head], ...rows.map((row) => [...row])], { escapeFormulae: formula, newline: '\r\n' });
  return `\uFEFF${text}\r\n`;
}
