import type { IncomingMessage } from 'node:http';

/** Asks once for each request, however many want to know. */
export function onceARequest<T>(
  ask: (request: IncomingMessage) => Promise<T>,
): (request: IncomingMessage) => Promise<T> {
  const known = new WeakMap<IncomingMessage, Promise<T>>();
  return (request) => {
    const before = known.get(request);
    if (before) return before;
    const answer = ask(request);
    known.set(request, answer);
    return answer;
  };
}
