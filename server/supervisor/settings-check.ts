import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

import { z } from 'zod';

import { inRanges } from '#server/platform/address-ranges.ts';
import { parseEnv } from '#server/platform/env.ts';

import { StartFault } from './start-fault.ts';

/** What sidecars take from the environment as it is. */
const sidecarSettings = z.object({
  CAPACITY: z.coerce.number().int().min(1).max(10_000).optional(),
  SOURCE_PROBATION_SECONDS: z.coerce.number().min(0).max(86_400).optional(),
  SLICER_RING_BYTES: z.coerce.number().int().min(67_108_864).optional(),
  SLICER_TRANSCODES: z.coerce.number().int().min(0).max(64).optional(),
});

/** Stands for what is only made, or known, once the settings are found to be good. */
const madeLater = {
  SENSORIUM_KEY: 'x'.repeat(32),
  INTERNAL_SECRET: 'x'.repeat(32),
  NEXTAUTH_SECRET: 'x'.repeat(32),
  INTERNAL_PORT: '1',
  WEB_URL: 'http://127.0.0.1:1',
};

/** Every setting of every process, before anything is started: a wrong one is named. Empty ones are left out already. */
export function checkSettings(given: Record<string, string | undefined>): void {
  const settings = attempt(() =>
    parseEnv({ DATABASE_URL: 'postgresql://later', ...given, ...madeLater, NODE_ENV: 'production' }),
  );
  if (given['SENSORIUM_KEY'] !== undefined && given['SENSORIUM_KEY'].length < 16)
    throw new StartFault(
      'SENSORIUM_KEY is too short: at least 16 characters are needed. Leave it out to have one made.',
    );
  parseSettings(sidecarSettings, given);
  for (const name of ['ALLOWED_SOURCE_CIDRS', 'ALLOWED_WEBHOOK_CIDRS'] as const)
    attempt(() => inRanges(settings[name]), name);
  checkCertificate(settings.TLS_CERT, settings.TLS_KEY);
}

/** Parses settings; a wrong one becomes a sentence with its name and without its value. */
export function parseSettings<Schema extends z.ZodType>(
  schema: Schema,
  given: Record<string, string | undefined>,
): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new StartFault(`settings can't be used: ${faults.join('; ')}. ${seeExample}`);
}

const seeExample = '.env.example says what each may be.';

function attempt<T>(check: () => T, name?: string): T {
  try {
    return check();
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new StartFault(`${name === undefined ? '' : `${name}: `}${text}. ${seeExample}`, { cause });
  }
}

function checkCertificate(certFile: string | undefined, keyFile: string | undefined): void {
  if (certFile === undefined || keyFile === undefined) return;
  const cert = readSetting('TLS_CERT', certFile);
  const key = readSetting('TLS_KEY', keyFile);
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw new StartFault(
      'TLS_CERT and TLS_KEY do not belong together, or are no certificate chain and key in PEM. Give the two files of one certificate.',
      { cause },
    );
  }
}

function readSetting(name: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown fault';
    throw new StartFault(`${name}: the file ${file} can't be read (${code}). Correct the path or its permissions.`, {
      cause,
    });
  }
}
