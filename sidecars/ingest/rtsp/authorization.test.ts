import { describe, expect, test } from 'vitest';

import { Authorization, readChallenges } from './authorization.ts';

const fresh = { wasAnswered: false, hasWorked: false };

function authorize(challenge: string, { user, password, cnonce }: Record<'user' | 'password' | 'cnonce', string>) {
  const authorization = new Authorization({ user, password }, () => cnonce);
  expect(authorization.accept(readChallenges([challenge]), fresh)).toBe(true);
  return (method: string, uri: string) => authorization.answer({ method, uri }) ?? '';
}

describe('authorization', () => {
  test('answers the example of RFC 2617 §3.5 (MD5, qop auth)', () => {
    const answer = authorize(
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ' +
        'opaque="5ccc069c403ebaf9f0171e9517f40e41"',
      { user: 'Mufasa', password: 'Circle Of Life', cnonce: '0a4f113b' },
    );
    const value = answer('GET', '/dir/index.html');
    expect(value).toContain('response="6629fae49393a05397450978507c4ef1"');
    expect(value).toContain('opaque="5ccc069c403ebaf9f0171e9517f40e41"');
    expect(value).toContain('qop=auth, nc=00000001, cnonce="0a4f113b"');
  });

  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('answers the example of RFC 7616 §3.9.1 (%s)', (algorithm, response) => {
    const answer = authorize(
      `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
      {
        user: 'Mufasa',
        password: 'Circle of Life',
        cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
      },
    );
    expect(answer('GET', '/dir/index.html')).toContain(`response="${response}"`);
  });

  test('answers the example of RFC 7616 §3.9.2 (SHA-512-256, hashed user, UTF-8)', () => {
    const answer = authorize(
      'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, userhash=true, charset=UTF-8, ' +
        'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS"',
      {
        user: 'Jäsøn Doe',
        password: 'Secret, or not?',
        cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
      },
    );
    const value = answer('GET', '/doe.json');
    // The RFC's own values are not of its inputs; these are those of its erratum 4897.
    expect(value).toContain('userhash=true');
    expect(value).toContain('username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"');
    expect(value).toContain('response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"');
  });

  test('leaves qop, nc and cnonce out where the server names no qop (RFC 2069)', () => {
    const answer = authorize('Digest realm="cam", nonce="n1"', { user: 'u', password: 'p', cnonce: 'c' });
    const value = answer('DESCRIBE', 'rtsp://h/s');
    expect(value).toBe(
      'Digest username="u", realm="cam", nonce="n1", uri="rtsp://h/s", response="35afa4790b799ce0b070f279e4269f6c"',
    );
  });

  test('counts its uses of a nonce', () => {
    const answer = authorize('Digest realm="cam", nonce="n1", qop="auth"', { user: 'u', password: 'p', cnonce: 'c' });
    expect(answer('DESCRIBE', 'rtsp://h/s')).toContain('nc=00000001');
    expect(answer('SETUP', 'rtsp://h/s')).toContain('nc=00000002');
  });

  test.each([
    [['Basic realm="x"', 'Digest realm="x", nonce="1"'], /^Digest .*response="[0-9a-f]{32}"/],
    [
      ['Digest realm="x", nonce="1", algorithm=MD5, Digest realm="x", nonce="2", algorithm=SHA-256, Basic realm="x"'],
      /"2".*="[0-9a-f]{64}"/,
    ],
    [['Digest realm="x", nonce="1", qop="auth-int"', 'Basic realm="x"'], /^Basic dTpw$/],
    [['Negotiate', 'Basic realm="a, b=c"'], /^Basic dTpw$/],
  ])('takes the strongest challenge that it can answer of %j', (values, expected) => {
    const authorization = new Authorization({ user: 'u', password: 'p' });
    expect(authorization.accept(readChallenges(values), fresh)).toBe(true);
    expect(authorization.answer({ method: 'DESCRIBE', uri: 'rtsp://h/' })).toMatch(expected);
  });

  test('tries again after a stale nonce, never after a refusal', () => {
    const authorization = new Authorization({ user: 'u', password: 'p' });
    const answered = { wasAnswered: true, hasWorked: false };
    const challenge = (nonce: string, more = '') => readChallenges([`Digest realm="x", nonce="${nonce}"${more}`]);
    expect(authorization.accept(challenge('1'), fresh)).toBe(true);
    expect(authorization.accept(challenge('1'), answered)).toBe(false);
    expect(authorization.accept(challenge('2'), answered)).toBe(false);
    expect(authorization.accept(challenge('2', ', stale="TRUE"'), answered)).toBe(true);
    expect(authorization.accept(challenge('3'), { wasAnswered: true, hasWorked: true })).toBe(true);
    expect(authorization.accept(readChallenges(['Kerberos']), fresh)).toBe(false);
  });

  test('escapes quotes of a realm on the way back', () => {
    const answer = authorize(String.raw`Digest realm="a \"b\"", nonce="1"`, { user: 'u', password: 'p', cnonce: 'c' });
    expect(answer('PLAY', 'rtsp://h/')).toContain(String.raw`realm="a \"b\""`);
  });
});
