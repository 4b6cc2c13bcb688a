import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import { expect, test } from 'vitest';

import { clientNetwork } from '#server/platform/client-network.ts';

import { clientAddress } from './client-address.ts';
import { isLoopback } from './control-link.ts';
import { securityHeaders, withoutHopByHop } from './headers.ts';
import { joinExpositions } from './metrics-text.ts';
import { isSameOrigin } from './same-origin.ts';

function asked(forwardedFor?: string): Pick<IncomingMessage, 'headers' | 'socket'> {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: '10.0.0.1' });
  return { socket, headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor } };
}

test('X-Forwarded-For is believed as far as proxies of ours wrote it', () => {
  expect(clientAddress(asked('6.6.6.6'), 0)).toBe('10.0.0.1');
  expect(clientAddress(asked('6.6.6.6, 192.0.2.7'), 1)).toBe('192.0.2.7');
  expect(clientAddress(asked('6.6.6.6, 192.0.2.7, 10.0.0.9'), 2)).toBe('192.0.2.7');
  expect(clientAddress(asked(), 1)).toBe('10.0.0.1');
});

test('a change is taken from our own pages and from no page, not from other sites', () => {
  const request = (method: string, headers: Record<string, string>) => ({
    method,
    headers: new Headers(headers),
    url: 'http://cam.example:3000/trpc/cameras.delete',
  });
  expect(isSameOrigin(request('POST', { origin: 'http://cam.example:3000' }), null)).toBe(true);
  expect(isSameOrigin(request('POST', { origin: 'http://cam.example:8080' }), null)).toBe(false);
  expect(isSameOrigin(request('POST', { origin: 'https://public.example' }), 'https://public.example')).toBe(true);
  expect(isSameOrigin(request('POST', { origin: 'null' }), null)).toBe(false);
  expect(isSameOrigin(request('POST', {}), null)).toBe(true);
  expect(isSameOrigin(request('POST', { referer: 'https://evil.example/form' }), null)).toBe(false);
  expect(isSameOrigin(request('DELETE', { 'sec-fetch-site': 'cross-site' }), null)).toBe(false);
  expect(isSameOrigin(request('DELETE', { 'sec-fetch-site': 'same-site' }), null)).toBe(false);
  expect(
    isSameOrigin(request('POST', { 'sec-fetch-site': 'same-origin', origin: 'https://named.elsewhere' }), null),
  ).toBe(true);
  expect(isSameOrigin(request('GET', { origin: 'https://evil.example' }), null)).toBe(true);
});

test('a key that no browser sends by itself is taken from anywhere, not beside a cookie', () => {
  const request = (headers: Record<string, string>) => ({
    method: 'POST',
    headers: new Headers({ origin: 'https://evil.example', ...headers }),
    url: 'http://cam.example:3000/api/v1/cameras',
  });
  expect(isSameOrigin(request({ authorization: 'Bearer a' }), null)).toBe(true);
  expect(isSameOrigin(request({ 'x-api-key': 'a' }), null)).toBe(true);
  expect(isSameOrigin(request({ authorization: 'Bearer a', cookie: 'a=b' }), null)).toBe(false);
});

test('headers of one connection are not passed on, those named by Connection included', () => {
  expect(
    withoutHopByHop({ connection: 'close, X-Hop', 'x-hop': '1', 'transfer-encoding': 'chunked', etag: 'a' }),
  ).toEqual({ etag: 'a' });
});

test('HSTS is said over TLS alone', () => {
  expect(securityHeaders({ tls: false })).not.toHaveProperty('strict-transport-security');
  expect(securityHeaders({ tls: true })).toHaveProperty('strict-transport-security');
});

test('an IPv6 home counts as one client, an IPv4 address in either form as one', () => {
  expect(clientNetwork('2001:db8:1:2:aaaa::1')).toBe('2001:db8:1:2::/64');
  expect(clientNetwork('2001:db8:1:2:bbbb::9')).toBe('2001:db8:1:2::/64');
  expect(clientNetwork('::ffff:192.0.2.7')).toBe(clientNetwork('192.0.2.7'));
  expect(clientNetwork('what a proxy invented')).toBe('unknown');
});

test('one picture of metrics: each stands once, with the lines of every process', () => {
  const of = (service: string) => `# HELP cpu CPU\n# TYPE cpu gauge\ncpu{service="${service}"} 1\n`;
  const joined = joinExpositions([`${of('gateway')}# HELP own Own\n# TYPE own gauge\nown 1\n`, of('web')]);
  expect(joined.match(/# HELP cpu/g)).toHaveLength(1);
  expect(joined).toContain('cpu{service="gateway"} 1\ncpu{service="web"} 1\n');
});

test('knows loopback in its forms', () => {
  expect(['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.1', undefined].map(isLoopback)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
