import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { parseEnv } from './env.ts';

const needed = {
  DATABASE_URL: 'postgresql://u:p@127.0.0.1:5432/sensorium',
  SENSORIUM_KEY: '0123456789abcdef',
  INTERNAL_SECRET: '0123456789abcdef',
  NEXTAUTH_SECRET: '0123456789abcdef',
};

test('has a default for everything but the database and the secrets, and takes empty for left out', () => {
  expect(parseEnv({ ...needed, HOST: '', PUBLIC_URL: '' })).toMatchObject({
    PORT: 3000,
    DATA_DIR: './data',
    ALLOWED_SOURCE_CIDRS: [],
  });
});

test('reads lists by comma or space', () => {
  expect(parseEnv({ ...needed, ALLOWED_SOURCE_CIDRS: '10.0.0.0/8, fd00::/8 ' }).ALLOWED_SOURCE_CIDRS).toEqual([
    '10.0.0.0/8',
    'fd00::/8',
  ]);
});

test('names what is wrong and never shows its value', () => {
  expect(() => parseEnv({ ...needed, PORT: 'high', SENSORIUM_KEY: 'hunter2' })).toThrow(/PORT.*SENSORIUM_KEY/s);
  expect(() => parseEnv({ ...needed, SENSORIUM_KEY: 'hunter2' })).not.toThrow(/hunter2/);
  expect(() => parseEnv({ ...needed, TLS_CERT: '/a.pem' })).toThrow(/together/);
  expect(() => parseEnv({ ...needed, OIDC_ISSUER: 'https://login.example' })).toThrow(/OIDC_CLIENT_ID.*together/);
});

test('.env.example names every setting', () => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const names = Object.keys(parseEnv({ ...needed, HOST: 'x', PUBLIC_URL: 'http://x', TLS_CERT: 'c', TLS_KEY: 'k' }));
  expect(names.filter((name) => !new RegExp(`^# ${name}=`, 'm').test(example))).toEqual([]);
});
