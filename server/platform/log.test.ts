import { expect, test } from 'vitest';

import { scrub } from '#server/contracts/log-scrub.ts';

import { createLogger } from './log.ts';

function lines(): { log: ReturnType<typeof createLogger>; written: string[] } {
  const written: string[] = [];
  return { log: createLogger('test', { LOG_LEVEL: 'info' }, { write: (line) => void written.push(line) }), written };
}

test('a line has an ISO time, the level in capitals and the service', () => {
  const { log, written } = lines();
  log.info({ action: 'ready', cameraId: 'c1' }, 'ready');
  const line: unknown = JSON.parse(written[0] ?? '');
  expect(line).toMatchObject({ level: 'INFO', service: 'test', action: 'ready', cameraId: 'c1', message: 'ready' });
  expect(written[0]).toMatch(/"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/);
});

test.each([
  ['in a message', (log: ReturnType<typeof createLogger>) => log.info('open rtsp://admin:hunter2@10.0.0.1/live')],
  [
    'with an @ in the password',
    (log: ReturnType<typeof createLogger>) => log.info('open rtsp://admin:p@hunter2@10.0.0.1/live'),
  ],
  [
    'in an error and its cause',
    (log: ReturnType<typeof createLogger>) =>
      log.error({ error: new Error('x', { cause: new Error('http://u:hunter2@h/') }) }, 'failed'),
  ],
  [
    'as a field',
    (log: ReturnType<typeof createLogger>) =>
      log.info({ password: 'hunter2', source: { address: 'hunter2' } }, 'saved'),
  ],
  [
    'as a playback token',
    (log: ReturnType<typeof createLogger>) => log.info({ path: '/media/~hunter2/0190/index.m3u8' }, 'request'),
  ],
  ['as an API key', (log: ReturnType<typeof createLogger>) => log.warn(`sns_a1b2c3d4_${'hunter2'.repeat(7)} was sent`)],
  [
    'as a refresh token',
    (log: ReturnType<typeof createLogger>) => log.info({ body: '{"refresh_token":"snr_hunter2-_x"}' }, 'x'),
  ],
  [
    'as a ticket',
    (log: ReturnType<typeof createLogger>) => log.info({ path: '/ws/analysis?a=1&ticket=snw_hunter2' }, 'x'),
  ],
  [
    'as a JWT',
    (log: ReturnType<typeof createLogger>) => log.info({ error: new Error('eyJhbGciOiJ9.hunter2.hunter2-_') }, 'x'),
  ],
  ['as an unsigned JWT', (log: ReturnType<typeof createLogger>) => log.info('token eyJhbGciOiJ9.hunter2. is refused')],
  ['as a JWE', (log: ReturnType<typeof createLogger>) => log.info('eyJhbGciOiJ9..hunter2.hunter2.hunter2')],
  [
    'as a bearer',
    (log: ReturnType<typeof createLogger>) => log.info({ headers: ['Authorization: Bearer hunter2'] }, 'x'),
  ],
  [
    'as a cookie',
    (log: ReturnType<typeof createLogger>) =>
      log.info(
        { sent: '__Secure-next-auth.session-token=hunter2; sensorium-guest=hunter2; sensorium-playback=hunter2' },
        'x',
      ),
  ],
  [
    'in a redirect',
    (log: ReturnType<typeof createLogger>) => log.info({ to: '/media/~hunter2/0190/index.m3u8?token=hunter2' }, 'x'),
  ],
  ['in a query', (log: ReturnType<typeof createLogger>) => log.info({ path: '/x?a=1&token=hunter2&b=2' }, 'request')],
])('a secret %s is not written', (_where, write) => {
  const { log, written } = lines();
  write(log);
  expect(written.join('')).not.toContain('hunter2');
  expect(() => written.map((line): unknown => JSON.parse(line))).not.toThrow();
});

test('a long line without a secret stays as it is', () => {
  const line = `{"m":"${'http://host/path '.repeat(10_000)}"}`;
  expect(scrub(line)).toBe(line);
});
