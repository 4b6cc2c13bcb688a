#!/usr/bin/env node
// Drop-in for Prisma's native `schema-engine` (which Prisma downloads from binaries.prisma.sh):
// the same JSON-RPC over stdio, answered by @prisma/schema-engine-wasm through @prisma/adapter-pg.
// Used through PRISMA_SCHEMA_ENGINE_BINARY, which prisma.config.ts sets.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as bg from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

const { values: opt, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    datamodels: { type: 'string', multiple: true },
    datasource: { type: 'string' },
    version: { type: 'boolean', short: 'V' },
  },
});
if (opt.version) {
  process.stdout.write('schema-engine-cli wasm\n');
  process.exit(0);
}
const ds = opt.datasource ? JSON.parse(opt.datasource) : {};
const DEBUG = !!process.env.SCHEMA_ENGINE_DEBUG;
const log = (level, message, extra = {}) =>
  process.stderr.write(
    `${JSON.stringify({ timestamp: new Date().toISOString(), level, fields: { message, ...extra }, target: 'schema_engine::logger' })}\n`,
  );
const ident = (s) => `"${s.replaceAll('"', '""')}"`;

/** As libpq reads `sslmode`: only `verify-*` looks at the certificate. */
function sslOf(mode) {
  if (!mode || mode === 'disable' || mode === 'allow' || mode === 'prefer') return undefined;
  return { rejectUnauthorized: mode.startsWith('verify') };
}
function parseUrl(u, database) {
  const x = new URL(u);
  return {
    // discrete fields on purpose: with `connectionString` set, pg ignores `database`,
    // and PrismaPg's own shadow database would then BE the main database.
    host: x.searchParams.get('host') ?? decodeURIComponent(x.hostname),
    port: Number(x.port || 5432),
    user: decodeURIComponent(x.username),
    password: decodeURIComponent(x.password),
    database: database ?? decodeURIComponent(x.pathname.slice(1)),
    ssl: sslOf(x.searchParams.get('sslmode')),
    max: 1, // one session, so SET and advisory locks hold for the whole run
  };
}
async function withClient(cfg, fn) {
  const c = new pg.Client(cfg);
  await c.connect();
  try {
    return await fn(c);
  } finally {
    await c.end();
  }
}
const admin = (sql) => withClient(parseUrl(ds.url, 'postgres'), (c) => c.query(sql));
const PG_CODES = {
  '3D000': 'P1003',
  '28P01': 'P1000',
  28000: 'P1000',
  ECONNREFUSED: 'P1001',
  ENOTFOUND: 'P1001',
  '42P04': 'P1009',
  42501: 'P1010',
};

if (positionals[0] === 'cli') {
  const name = parseUrl(ds.url).database;
  log('INFO', 'Starting schema engine CLI', { git_hash: 'wasm' });
  try {
    if (positionals[1] === 'can-connect-to-database') await withClient(parseUrl(ds.url), (c) => c.query('select 1'));
    else if (positionals[1] === 'create-database') await admin(`CREATE DATABASE ${ident(name)}`);
    else if (positionals[1] === 'drop-database') await admin(`DROP DATABASE IF EXISTS ${ident(name)} WITH (FORCE)`);
    else throw new Error(`unknown cli command ${positionals[1]}`);
    log('INFO', 'ok');
    process.exit(0);
  } catch (e) {
    log('ERROR', e.message || String(e.code ?? e), {
      is_panic: false,
      error_code: PG_CODES[e.code] ?? 'P1001',
      meta: {},
    });
    process.exit(1);
  }
}

class Factory extends PrismaPg {
  constructor(cfg, options) {
    super(cfg, options);
    this.cfg = cfg;
  }
  async connect() {
    return patchChar(await super.connect());
  }
  async connectToShadowDb() {
    if (ds.shadowDatabaseUrl) {
      return new PrismaPg(parseUrl(ds.shadowDatabaseUrl)).connect().then(patchChar);
    }
    const database = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
    await admin(`CREATE DATABASE ${ident(database)}`);
    const conn = patchChar(await new PrismaPg({ ...this.cfg, database }).connect());
    const dispose = conn.dispose.bind(conn);
    conn.dispose = async () => {
      await dispose();
      await admin(`DROP DATABASE IF EXISTS ${ident(database)} WITH (FORCE)`);
    };
    return conn;
  }
}
// adapter-pg 7.10 rejects the catalogue type "char" (oid 18), which the engine's describer reads.
let patched = false;
function patchChar(conn) {
  if (patched) return conn;
  const proto = Object.getPrototypeOf(Object.getPrototypeOf(conn)); // PgQueryable
  const queryRaw = proto.queryRaw;
  proto.queryRaw = async function (query) {
    const chars = [];
    const self = Object.create(this, {
      performIO: {
        value: async (q) => {
          const r = await this.performIO(q);
          r.fields.forEach((f, i) => {
            if (f.dataTypeID === 18) {
              chars.push(i);
              f.dataTypeID = 25;
            }
          });
          return r;
        },
      },
    });
    const res = await queryRaw.call(self, query);
    for (const i of chars) res.columnTypes[i] = ColumnTypeEnum.Character;
    return res;
  };
  // ...and its executeScript cuts a script at every ';', which breaks $$-quoted bodies and string literals.
  // One simple query runs it all, in one implicit transaction, as the native engine does.
  Object.getPrototypeOf(conn).executeScript = async function (script) {
    try {
      await this.client.query(script);
    } catch (e) {
      this.onError(e);
    }
  };
  patched = true;
  return conn;
}

globalThis.PRISMA_WASM_PANIC_REGISTRY ??= {
  message: '',
  set_message(m) {
    this.message = m;
  },
  get() {
    return this.message;
  },
};
const wasm = readFileSync(
  new URL('./schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg')),
);
const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': bg });
bg.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start();

let engine;
function getEngine(method) {
  engine ??= (async () => {
    if (!ds.url) throw Object.assign(new Error('The datasource url is missing in prisma.config.ts'), { code: 'P1012' });
    const schema = new URL(ds.url).searchParams.get('schema') ?? undefined;
    let cfg = parseUrl(ds.url);
    try {
      await withClient(cfg, () => {});
    } catch (e) {
      if (e.code === '3D000' && method === 'diff') cfg = parseUrl(ds.url, 'postgres'); // a pure diff needs no own database
      else if (e.code !== '3D000')
        throw Object.assign(
          new Error(`Can't reach database server at \`${cfg.host}:${cfg.port}\`: ${e.message || e.code}`),
          { code: PG_CODES[e.code] ?? 'P1001' },
        );
    }
    const datamodels = (opt.datamodels ?? []).map((p) => [p, readFileSync(p, 'utf8')]);
    return bg.SchemaEngine.new(
      { datamodels: datamodels.length ? datamodels : undefined },
      (l) => DEBUG && process.stderr.write(`${l}\n`),
      bindMigrationAwareSqlAdapterFactory(new Factory(cfg, { schema })),
    );
  })();
  return engine;
}
async function call({ method, params = {} }) {
  if (method === 'createDatabase') {
    const { database } = parseUrl(ds.url);
    await admin(`CREATE DATABASE ${ident(database)}`).catch((/** @type {unknown} */ e) => {
      if (e?.code !== '42P04') throw e;
    });
    return { databaseName: database };
  }
  const e = await getEngine(method);
  return e[method === 'getDatabaseVersion' ? 'version' : method](params);
}

const write = (o) => process.stdout.write(`${JSON.stringify(o)}\n`);
let chain = Promise.resolve();
createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
  .on('line', (line) => {
    if (!line.trim()) return;
    const req = JSON.parse(line);
    if (!req.method) return; // the CLI's answer to our `print`
    chain = answer(chain, req, line);
  })
  .on('close', () => {
    void chain.finally(() => process.exit(0));
  });

/** One request at a time, in the order they come. */
async function answer(before, req, line) {
  await before;
  if (DEBUG) process.stderr.write(`> ${line.slice(0, 2000)}\n`);
  try {
    const result = (await call(req)) ?? {};
    if (req.method === 'diff' && typeof result.stdout === 'string')
      write({ jsonrpc: '2.0', method: 'print', id: 1e6 + req.id, params: { content: result.stdout } });
    write({ jsonrpc: '2.0', id: req.id, result });
  } catch (e) {
    if (DEBUG) process.stderr.write(`! ${e?.stack ?? e} ${JSON.stringify(e)}\n`);
    const known = e?.code ? { error_code: e.code, meta: e.meta ?? {} } : { backtrace: e?.stack ?? null };
    const data = { is_panic: false, message: String(e?.message ?? e), ...known };
    write({
      jsonrpc: '2.0',
      id: req.id,
      error: { code: 4466, message: 'An error happened. Check the data field for details.', data },
    });
  }
}
