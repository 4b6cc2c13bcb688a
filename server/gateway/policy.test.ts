import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { expect, test } from 'vitest';

import { silentLog } from '#server/testing/factories.ts';

import { EmbedOrigins } from './embed-origins.ts';
import { assetPolicy, dataPolicy, newNonce, pagePolicy, sourceHash, styleHashes } from './policy.ts';

const directives = (policy: string) =>
  Object.fromEntries(
    policy.split('; ').map((part) => [part.slice(0, part.indexOf(' ')), part.slice(part.indexOf(' ') + 1)]),
  );

test('scripts run by the nonce of their page alone: nothing inline, nothing evaluated', () => {
  const policy = directives(pagePolicy({ nonce: 'abc', embedOrigins: [], development: false }));
  expect(policy['script-src']).toBe("'self' 'nonce-abc' 'strict-dynamic'");
  expect(policy['style-src']).toContain("'nonce-abc'");
  expect(policy['style-src']).not.toContain('unsafe');
  expect(policy).toMatchObject({
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
    'connect-src': "'self'",
  });
});

test('evaluation is for development alone', () => {
  const policyOf = (development: boolean) => pagePolicy({ nonce: 'abc', embedOrigins: [], development });
  expect([policyOf(false), policyOf(true)].map((policy) => policy.includes('unsafe-eval'))).toEqual([false, true]);
});

test('a nonce is never made twice', () => {
  expect(new Set(Array.from({ length: 1000 }, newNonce)).size).toBe(1000);
});

test('the styles that the notes write into the page are named by their hash', () => {
  const source = readFileSync(
    createRequire(import.meta.url)
      .resolve('sonner')
      .replace(/index\.js$/, 'index.mjs'),
    'utf8',
  );
  const literal = /^__insertCSS\(("(?:[^"\\]|\\.)*")\)/m.exec(source)?.[1] ?? '""';
  expect(styleHashes).toContain(sourceHash(String(JSON.parse(literal))));
});

test('no document comes of data, and files load nothing of strangers', () => {
  expect(directives(dataPolicy)['default-src']).toBe("'none'");
  expect(directives(assetPolicy)['default-src']).toBe("'self'");
});

test('pages may be framed by the origins of the list, and nothing else of it gets into the policy', async () => {
  const list = [
    'https://portal.example',
    "https://evil.example; script-src 'unsafe-inline'",
    'https://a.example/path',
    '*',
  ];
  const origins = await new EmbedOrigins(async () => list, silentLog).current();
  const policy = directives(pagePolicy({ nonce: 'abc', embedOrigins: origins, development: false }));
  expect(policy['frame-ancestors']).toBe("'self' https://portal.example");
});

test('pages keep the list they had when the database is away', async () => {
  let answer: () => Promise<string[]> = async () => {
    throw new Error('away');
  };
  const origins = new EmbedOrigins(() => answer(), silentLog);
  expect(await origins.current()).toEqual([]);
  answer = async () => ['https://portal.example'];
  expect(await origins.current()).toEqual([]);
});
