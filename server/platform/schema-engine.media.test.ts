import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openTemplate, runPrisma, teardown } from '#server/testing/database-template.ts';
import { withDatabase } from '#server/testing/database-url.ts';

const engine = fileURLToPath(new URL('../../prisma/schema-engine.mjs', import.meta.url));
const schema = fileURLToPath(new URL('../../prisma/schema.prisma', import.meta.url));
const run = promisify(execFile);
let url = '';

beforeAll(async () => {
  // Its migrations were applied by the stand-in, through Prisma's own CLI.
  const { serverUrl, template } = await openTemplate();
  url = withDatabase(serverUrl, template);
}, 60_000);
afterAll(teardown, 30_000);

/** One request to the stand-in, as Prisma's CLI asks; resolves to the answer's lines. */
async function ask(request: object, datasourceUrl = url): Promise<string[]> {
  const child = spawn(process.execPath, [engine, '--datasource', JSON.stringify({ url: datasourceUrl })], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  child.stdin.end(`${JSON.stringify({ jsonrpc: '2.0', id: 1, ...request })}\n`);
  await once(child, 'close');
  return lines;
}

test('answers as the native engine does to who asks for its version', async () => {
  const { stdout } = await run(process.execPath, [engine, '--version']);
  expect(stdout).toContain('schema-engine');
});

test('the migrations make exactly the schema: nothing is left to migrate', async () => {
  const { stdout } = await runPrisma(
    ['migrate', 'diff', '--from-config-datasource', '--to-schema', schema, '--exit-code'],
    url,
  );
  expect(stdout).toContain('No difference detected');
});

test('a server that is not there is told by the code that Prisma knows', async () => {
  const lines = await ask(
    { method: 'getDatabaseVersion', params: { datasource: { tag: 'ConnectionString', url } } },
    'postgresql://nobody:x@127.0.0.1:1/none',
  );
  expect(lines.join('\n')).toContain('P1001');
});

test('a script with a function body in $$ runs whole, and one that fails leaves nothing behind', async () => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const script = (sql: string) =>
      ask({ method: 'dbExecute', params: { datasourceType: { tag: 'url', url }, script: sql } });
    await script(
      "CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN n * 2; END; $$; SELECT ';';",
    );
    expect((await client.query('SELECT twice(21) AS n')).rows).toEqual([{ n: 42 }]);
    const lines = await script('CREATE TABLE half_done (id int); SELECT no_such_column;');
    expect(lines.join('\n')).toContain('error');
    expect((await client.query("SELECT to_regclass('half_done') AS found")).rows).toEqual([{ found: null }]);
  } finally {
    await client.end();
  }
});
