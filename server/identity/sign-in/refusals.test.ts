import { expect, test } from 'vitest';

import { AppError } from '#server/platform/app-error.ts';
import type { AuditNote } from '#server/platform/trpc.ts';
import { silentLog } from '#server/testing/factories.ts';

import type { AuditOrigin } from '../audit/service.ts';
import { Refusals } from './refusals.ts';

const wrong = new AppError('UNAUTHENTICATED', { message: 'name or password is wrong' });

const aya = { id: '0198a000-0000-7000-8000-00000000000a', name: 'Aya Tanaka', email: 'aya@example.org' };

function written({ broken = false } = {}) {
  let ms = Date.now();
  type Entry = AuditNote & Pick<AuditOrigin, 'ip' | 'userAgent' | 'claimedName'>;
  const entries: Entry[] = [];
  const audit = {
    append: async ({ ip, userAgent, claimedName }: AuditOrigin, entry: AuditNote) => {
      if (broken) throw new Error('the database is away');
      entries.push({ ...entry, ip, userAgent, claimedName });
    },
  };
  const asked: string[] = [];
  const whoIs = async (name: string) => {
    asked.push(name);
    return name === aya.email ? aya : null;
  };
  const refusals = new Refusals({ whoIs, audit, log: silentLog, now: () => new Date(ms) });
  const refuse = (account: string | null, more: object = {}) =>
    refusals.note({ account, person: null, from: { ip: '192.0.2.7', userAgent: 'curl/8' }, error: wrong, ...more });
  return { entries, asked, refuse, pass: (by: number) => void (ms += by) };
}

test('the log tells who was tried from where, once a burst and each time it grew tenfold', async () => {
  const { entries, refuse, pass } = written();
  for (let count = 0; count < 150; count += 1) await refuse('email aya@example.org', { person: aya });
  expect(entries).toMatchObject(
    [1, 10, 100].map((tries) => ({
      action: 'signIn.refused',
      outcome: 'refused',
      object: { type: 'user', id: aya.id },
      claimedName: aya.name,
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

test('a try that was refused unseen is told of whose it was; who was looked for in vain is not looked for twice', async () => {
  const { entries, asked, refuse } = written();
  const error = new AppError('TOO_MANY_REQUESTS', { message: 'x' });
  await refuse('email aya@example.org', { error, person: undefined });
  await refuse('name nobody', { error, person: undefined });
  await refuse('email ken@example.org');
  expect(asked).toEqual(['aya@example.org', 'nobody']);
  expect(entries).toMatchObject([
    { object: { type: 'user', id: aya.id }, claimedName: aya.name, details: { account: 'email aya@example.org' } },
    { claimedName: undefined, details: { account: '(no such name)' } },
    { claimedName: undefined, details: { account: 'email ken@example.org' } },
  ]);
});
