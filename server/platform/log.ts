import pino, { type DestinationStream, type Logger } from 'pino';

import { scrub } from '#server/contracts/log-scrub.ts';

import type { ServerEnv } from './env.ts';

export type { Logger } from 'pino';

/** Names whose values are never written, at the top and one level below. */
const secretNames = [
  'address',
  'authorization',
  'cookie',
  'leaseToken',
  'password',
  'passwordHash',
  'secret',
  'sealedAddress',
  'sessionId',
  'token',
];

export function createLogger(
  service: string,
  env: Pick<ServerEnv, 'LOG_LEVEL'>,
  destination: DestinationStream = pino.destination({ dest: 1, sync: true }),
): Logger {
  return pino(
    {
      level: env.LOG_LEVEL,
      base: { service },
      messageKey: 'message',
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
      redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`]), censor: '***' },
      serializers: { error: pino.stdSerializers.err },
      hooks: { streamWrite: scrub },
    },
    destination,
  );
}
