import { expect, test } from 'vitest';

import { AppError } from '#server/platform/app-error.ts';
import type { AuditNote } from '#server/platform/trpc.ts';
import { silentLog } from '#server/testing/factories.ts';

import { Refusals } from './refusals.ts';

const wrong = new AppError('UNAUTHENTICATED', { message: 'name or password is wrong' });

function written({ broken = false } = {}) {
  let ms = Date.now();
  const entries: (AuditNote & { ip: string | null; userAgent: string | null })[] = [];
  const audit = {
    append: async ({ ip, userAgent }: { ip: string | null; userAgent: string | null }, entry: AuditNote) => {
      if (broken) throw new Error('the database is away');
      entries.push({ ...entry, ip, userAgent });
    },
  };
  const refusals = new Refusals({ audit, log: silentLog, now: () => new Date(ms) });
  const refuse = (account: string | null, more: object = {}) =>
    refusals.note({ account, userId: null, from: { ip: '192.0.2.7', userAgent: 'curl/8' }, error: wrong, ...more });
  return { entries, refuse, pass: (by: number) => void (ms += by) };
}

test('the log tells who was tried from where, once a burst and each time it grew tenfold', async () => {
  const { entries, refuse, pass } = written();
  const userId = '0198a000-0000-7000-8000-00000000000a';
  for (let count = 0; count < 150; count += 1) await refuse('email aya@example.org', { userId });
  expect(entries).toMatchObject(
    [1, 10, 100].map((tries) => ({
      action: 'signIn.refused',
      outcome: 'refused',
      object: { type: 'user', id: userId },
      details: { reason: 'wrong', account: 'email aya@example.org', network: '192.0.2.0/24', tries },
      ip: '192.0.2.7',
      userAgent: 'curl/8',
    })),
  );
  // Another network and another account are bursts of their own; so is what comes after a pause.
  await refuse('email aya@example.org', { from: { ip: '198.51.100.1' } });
  await refuse('email ken@example.org');
  pass(16 * 60_000);
  await refuse('email aya@example.org');
  expect(entries).toHaveLength(6);
});

test('who invents names writes no more than a thousand entries an hour, and the rest is counted', async () => {
  const { entries, refuse, pass } = written();
  for (let count = 0; count < 1500; count += 1) await refuse(`email n${count}@example.org`);
  expect(entries).toHaveLength(1000);
  pass(3_600_000);
  await refuse('email after@example.org');
  expect(entries.at(-1)?.details).toMatchObject({ account: 'email after@example.org', untold: 500 });
});

test('a step on the way is no refusal, a lock is one, and a name that nobody has is not written: it may be a password', async () => {
  const { entries, refuse } = written();
  const more = (code: 'UNAUTHENTICATED' | 'FORBIDDEN' | 'TOO_MANY_REQUESTS' | 'UNAVAILABLE', reason?: string) => ({
    error: new AppError(code, { message: 'x', details: reason === undefined ? {} : { reason } }),
  });
  await refuse('email a@example.org', more('UNAUTHENTICATED', 'secondFactor'));
  await refuse('email a@example.org', more('UNAVAILABLE'));
  await refuse('email a@example.org', { error: new Error('the database is away') });
  expect(entries).toEqual([]);
  await refuse('email a@example.org', more('UNAUTHENTICATED', 'wrongCode'));
  await refuse('email a@example.org', more('FORBIDDEN', 'locked'));
  await refuse('email a@example.org', more('TOO_MANY_REQUESTS'));
  await refuse('name hunter2');
  expect(entries.map(({ details }) => details)).toMatchObject([
    { reason: 'wrongCode' },
    { reason: 'locked' },
    { reason: 'tooMany' },
    { reason: 'wrong', account: '(no such name)' },
  ]);
  await expect(written({ broken: true }).refuse('email a@example.org')).resolves.toBeUndefined();
});
