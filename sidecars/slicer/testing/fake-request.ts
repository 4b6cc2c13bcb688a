import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** A request from an address that no test could ask from, and its answer. */
export function fakeRequest(over: { url?: string; from?: string; headers?: Record<string, string> } = {}) {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: over.from ?? '192.0.2.7' });
  const request = new IncomingMessage(socket);
  request.method = 'GET';
  request.url = over.url ?? '/';
  Object.assign(request.headers, over.headers);
  return { request, response: new ServerResponse(request) };
}
