import { resolve } from 'node:path';

import { z } from 'zod';

import { checkSettings, parseSettings } from './settings-check.ts';

const portRule = 'a whole number from 1 to 65535';

/** What the supervisor itself takes from the environment; every process below it gets its own, complete set. */
const supervisorSettings = z.object({
  PORT: z.coerce.number(portRule).int(portRule).min(1, portRule).max(65535, portRule).default(3000),
  HOST: z.string().default('::'),
  DATA_DIR: z.string().default('data'),
  DATABASE_URL: z.string().optional(),
  SENSORIUM_KEY: z.string().optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error'], 'debug, info, warn or error').default('info'),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'an address that begins with https:// or http://' }).optional(),
  TLS_CERT: z.string().optional(),
});

export interface SupervisorEnv {
  port: number;
  host: string;
  dataDir: string;
  /** A PostgreSQL of the operator's own; else the embedded one. */
  databaseUrl: string | null;
  sealingKey: string | null;
  logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** The address people type, where a proxy stands in front; without a slash at its end. */
  publicUrl: string | null;
  hasTls: boolean;
  /** All of it, to be handed on. */
  inherited: NodeJS.ProcessEnv;
}

export function supervisorEnv(): SupervisorEnv {
  // An empty setting counts as left out, for the processes below as well.
  const inherited = { ...process.env };
  for (const [name, value] of Object.entries(inherited)) if (value === '') delete inherited[name];
  const settings = parseSettings(supervisorSettings, inherited);
  checkSettings(inherited);
  return {
    port: settings.PORT,
    host: settings.HOST,
    dataDir: resolve(settings.DATA_DIR),
    databaseUrl: settings.DATABASE_URL ?? null,
    sealingKey: settings.SENSORIUM_KEY ?? null,
    logLevel: settings.LOG_LEVEL,
    publicUrl: settings.PUBLIC_URL?.replace(/\/$/, '') ?? null,
    hasTls: settings.TLS_CERT !== undefined && settings.TLS_CERT !== '',
    inherited,
  };
}

/** What the embedded database's process is given. */
export function postgresEnv(): { dataDir: string; port: number; password: string } {
  const settings = z
    .object({ DATA_DIR: z.string(), POSTGRES_PORT: z.coerce.number().int(), POSTGRES_PASSWORD: z.string().min(1) })
    .parse(process.env);
  return { dataDir: settings.DATA_DIR, port: settings.POSTGRES_PORT, password: settings.POSTGRES_PASSWORD };
}

/** For build tools and programs that are not ours: PATH, HOME, proxies. */
export function wholeEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}
