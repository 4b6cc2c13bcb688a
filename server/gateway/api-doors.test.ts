import { expect, test } from 'vitest';

import { answerPreflight } from './api-origins.ts';
import { doorOf } from './request-facts.ts';
import { allowedOf } from './rest-door.ts';

test('each address has one door; sign-in pages are operations when they are posted to', () => {
  const cases = [
    ['GET', '/media/x/index.m3u8', 'media'],
    ['POST', '/trpc/cameras.list', 'api'],
    ['GET', '/api/v1/cameras', 'api'],
    ['GET', '/api/auth/session', 'web'],
    ['POST', '/api/auth/callback/credentials', 'web'],
    ['POST', '/api/auth/login', 'api'],
    ['POST', '/api/auth/refresh', 'api'],
    ['OPTIONS', '/api/auth/login', 'api'],
    ['GET', '/api/auth/login', 'web'],
    ['POST', '/api/v1/auth/login', 'api'],
    ['GET', '/login', 'web'],
    ['POST', '/login', 'api'],
    ['POST', '/signup', 'api'],
    ['POST', '/password-reset', 'api'],
    ['POST', '/logins', 'web'],
    ['POST', '/mcp', 'api'],
    ['GET', '/docs/api', 'web'],
  ] as const;
  for (const [method, path, door] of cases) expect([method, path, doorOf(path, method)]).toEqual([method, path, door]);
});

test('a preflight never allows cookies', () => {
  const { headers, status } = answerPreflight(allowedOf(['GET', 'POST']));
  expect(status).toBe(204);
  expect(headers.get('access-control-allow-methods')).toBe('GET, HEAD, POST, OPTIONS');
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.has('access-control-allow-credentials')).toBe(false);
});
