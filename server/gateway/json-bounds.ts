import type { Context, MiddlewareHandler } from 'hono';

import { AppError } from '#server/platform/app-error.ts';

/** Deeper than anything a contract has; what walks it calls itself at each level. */
const depthMax = 32;
/** Values of arrays and objects. Files of cameras come as one text. */
const valuesMax = 100_000;

const [quote, backslash, comma, openBracket, closeBracket, openBrace, closeBrace] = Buffer.from('"\\,[]{}');

/** Null, or what is too much in a text of JSON. Looks at letters alone, so that a bomb costs no more than its length. */
export function jsonExcess(text: string): 'depth' | 'values' | null {
  let depth = 0;
  let values = 0;
  let inText = false;
  for (let index = 0; index < text.length; index += 1) {
    const letter = text.charCodeAt(index);
    if (inText) {
      if (letter === backslash) index += 1;
      else if (letter === quote) inText = false;
    } else if (letter === quote) inText = true;
    else if (letter === openBracket || letter === openBrace) {
      depth += 1;
      values += 1;
      if (depth > depthMax) return 'depth';
    } else if (letter === closeBracket || letter === closeBrace) depth -= 1;
    else if (letter === comma) values += 1;
    if (values > valuesMax) return 'values';
  }
  return null;
}

/** Refuses JSON that is built to be walked for long, in a body or in tRPC's `input`; stands behind the limit of bytes. */
export const boundedJson: MiddlewareHandler = async (c, next) => {
  const input = c.req.query('input');
  if (input !== undefined) refuse(jsonExcess(input));
  // Reads have no body; to look for one would make a whole Request of what Node gives.
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
  if (!isRead && c.req.header('content-type')?.toLowerCase().includes('json')) refuse(jsonExcess(await bodyOf(c)));
  await next();
};

/** REST reads what Hono has read; tRPC and MCP read the request itself, which a second copy is made of. */
function bodyOf(c: Context): Promise<string> {
  return /^\/(?:trpc|mcp)(?:\/|$)/.test(c.req.path) ? c.req.raw.clone().text() : c.req.text();
}

function refuse(excess: ReturnType<typeof jsonExcess>): void {
  if (excess === null) return;
  throw new AppError('BAD_REQUEST', {
    message:
      excess === 'depth' ? `JSON is nested ${depthMax} levels deep at most` : `JSON holds ${valuesMax} values at most`,
    details: { reason: excess },
  });
}
