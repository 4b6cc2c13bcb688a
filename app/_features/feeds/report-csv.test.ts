import { expect, test } from 'vitest';

import { reportCsv } from './report-csv.ts';

test('a report is read by a spreadsheet as it was written, and runs nothing in it', async () => {
  const text = await reportCsv(
    ['行', '理由'],
    [
      ['3行目', 'アドレスがありません, "ここ"'],
      ['=1+1', '-'],
    ],
  );
  expect(text).toBe('\uFEFF行,理由\r\n3行目,"アドレスがありません, ""ここ"""\r\n"\'=1+1","\'-"\r\n');
});
