import NextAuth from 'next-auth';

import { authOptions } from '../../../_lib/auth-server.ts';

type Context = { params: Promise<{ nextauth: string[] }> };

// next-auth 4 has no types of its own for route handlers: it answers a Response there.
async function answer(request: Request, context: Context): Promise<Response> {
  const { nextauth } = await context.params;
  // By it anybody could write into the log, under any level.
  if (nextauth[0] === '_log') return new Response(null, { status: 204 });
  const handler: unknown = NextAuth(authOptions());
  if (typeof handler !== 'function') throw new TypeError('next-auth made no handler');
  const made: unknown = await Reflect.apply(handler, undefined, [request, context]);
  if (!(made instanceof Response)) throw new TypeError('next-auth made no response');
  return made;
}

export { answer as GET, answer as POST };
