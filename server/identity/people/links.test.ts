import pino from 'pino';
import { expect, test, vi } from 'vitest';

import { Links } from './links.ts';

const aLog = () => {
  const log = pino({ level: 'silent' });
  return { log, warn: vi.spyOn(log, 'warn') };
};

test('links stand on the public address, with the token where no server logs it', () => {
  const { log, warn } = aLog();
  const links = new Links({
    env: { PUBLIC_URL: 'https://cameras.example.org/', PORT: 3000, TLS_CERT: undefined },
    log,
  });
  expect(links.to('resetPassword', 't0k')).toBe('https://cameras.example.org/password-reset#token=t0k');
  expect(warn).not.toHaveBeenCalled();
});

test('without a public address they lead to this machine, and the log says so once', () => {
  const { log, warn } = aLog();
  const links = new Links({ env: { PUBLIC_URL: undefined, PORT: 3000, TLS_CERT: '/a/cert' }, log });
  expect(links.to('invitation', 'a')).toBe('https://localhost:3000/signup#token=a');
  links.to('invitation', 'b');
  expect(warn).toHaveBeenCalledTimes(1);
});
