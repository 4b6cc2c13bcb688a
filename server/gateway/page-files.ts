import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';

import { codingOf } from './accepted-coding.ts';

const prefix = '/_next/static/';
/** No segment begins with a dot: none leads out of the folder. */
const scriptOrStyle = /^(?:[\w~-][\w.~-]*\/)*[\w~-][\w.~-]*\.(js|css)$/;
const types = { js: 'application/javascript; charset=UTF-8', css: 'text/css; charset=UTF-8' } as const;
const endings = { br: 'br', gzip: 'gz' } as const;

/**
 * Scripts and styles of the pages as the build left them, already small: the pages' own process would squeeze them anew for each visitor.
 * Their names change with what is in them. Resolves to false where another is to answer: nothing of that name lies here, or it is wanted as it is.
 */
export function createPageFiles(folder: string) {
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
    const { method, headers } = request;
    if ((method !== 'GET' && method !== 'HEAD') || headers.range !== undefined || !path.startsWith(prefix))
      return false;
    const name = path.slice(prefix.length);
    const kind = scriptOrStyle.exec(name)?.[1];
    const coding = codingOf([headers['accept-encoding']].flat().join(','));
    if ((kind !== 'js' && kind !== 'css') || coding === null) return false;
    const bytes = await readFile(join(folder, `${name}.${endings[coding]}`)).catch(() => null);
    if (bytes === null) return false;
    response.writeHead(200, {
      'content-type': types[kind],
      'content-encoding': coding,
      'content-length': bytes.length,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    });
    response.end(method === 'HEAD' ? undefined : bytes);
    return true;
  };
}
