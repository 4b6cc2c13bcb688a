import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import superjson from 'superjson';

import type { AppRouter } from '#server/api/app-router.ts';
import type { ActivityNews } from '#server/contracts/account.ts';

/** Tells what is under the bell at once, by a WebSocket that connects again by itself; where there is none, the bell still asks. */
export function watchActivity(onNews: (news: ActivityNews) => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  const socket = createWSClient({
    url: `${window.location.origin.replace(/^http/, 'ws')}/trpc`,
    retryDelayMs: (attempt) => Math.min(60_000, 1000 * 2 ** attempt) * (0.5 + Math.random()),
  });
  const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket, transformer: superjson })] });
  const watch = client.activity.watch.subscribe(undefined, { onData: onNews, onError: () => close() });
  const close = () => {
    watch.unsubscribe();
    void socket.close();
  };
  signal.addEventListener('abort', close, { once: true });
}
