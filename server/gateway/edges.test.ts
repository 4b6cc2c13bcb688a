import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import { expect, test } from 'vitest';

import { clientAddress } from './client-address.ts';
import { isLoopback } from './control-link.ts';
import { securityHeaders, withoutHopByHop } from './headers.ts';
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
  expect(isSameOrigin(request('DELETE', { 'sec-fetch-site': 'cross-site' }), null)).toBe(false);
  expect(isSameOrigin(request('GET', { origin: 'https://evil.example' }), null)).toBe(true);
});

test('headers of one connection are not passed on, those named by Connection included', () => {
  expect(
    withoutHopByHop({ connection: 'close, X-Hop', 'x-hop': '1', 'transfer-encoding': 'chunked', etag: 'a' }),
  ).toEqual({ etag: 'a' });
});

test('HSTS is said over TLS alone, and scripts by evaluation are for development alone', () => {
  expect(securityHeaders({ tls: false, development: false })).not.toHaveProperty('strict-transport-security');
  expect(securityHeaders({ tls: true, development: false })).toHaveProperty('strict-transport-security');
  expect(String(securityHeaders({ tls: true, development: false })['content-security-policy'])).not.toContain(
    'unsafe-eval',
  );
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
