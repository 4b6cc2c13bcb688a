'use client';

import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { Tooltip } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import superjson from 'superjson';

import type { AppRouter } from '#server/api/app-router.ts';

import { makeQueryClient } from './query-client.ts';
import { noteServerDate } from './server-clock.ts';
import { TRPCProvider } from './trpc.ts';

async function fetchWithClock(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const sentAtMs = Date.now();
  const response = await fetch(input, init);
  noteServerDate({ dateHeaderMs: Date.parse(response.headers.get('date') ?? ''), sentAtMs, receivedAtMs: Date.now() });
  return response;
}

const makeClient = () =>
  createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: '/trpc',
        transformer: superjson,
        maxURLLength: 2000,
        fetch: (input, { signal, ...init } = {}) => fetchWithClock(input, { ...init, signal: signal ?? null }),
      }),
    ],
  });

let browserQueryClient: QueryClient | null = null;

/** One cache a tab; on the server one a request. */
function queryClientHere(): QueryClient {
  if (typeof window === 'undefined') return makeQueryClient();
  browserQueryClient ??= makeQueryClient();
  return browserQueryClient;
}

export function Providers({ children }: { children: ReactNode }) {
  const queryClient = queryClientHere();
  const [client] = useState(makeClient);
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        <Tooltip.Provider delayDuration={300}>{children}</Tooltip.Provider>
      </TRPCProvider>
    </QueryClientProvider>
  );
}
