import 'server-only';
import { dehydrate, type DehydratedState, type QueryClient } from '@tanstack/react-query';
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { headers } from 'next/headers';
import { cache } from 'react';

import type { AppRouter } from '#server/api/app-router.ts';
import { pageApi } from '#server/api/caller.ts';
import type { CameraDetail, CameraQuery } from '#server/contracts/camera.ts';
import { toAppError } from '#server/platform/trpc.ts';

import { makeQueryClient } from './query-client.ts';

type Trpc = TRPCOptionsProxy<AppRouter>;

/** Who is asking for this page: looked up once a request. */
const contextHere = cache(async () => pageApi().createContext(new Headers(await headers())));

/** Asks beforehand what the page will ask at once, through the same procedures; what fails is asked again by the browser. */
async function prefetch(ask: (trpc: Trpc, queryClient: QueryClient) => Promise<void>): Promise<DehydratedState> {
  const queryClient = makeQueryClient();
  const trpc = createTRPCOptionsProxy<AppRouter>({ router: pageApi().router, ctx: await contextHere(), queryClient });
  await ask(trpc, queryClient);
  return dehydrate(queryClient);
}

export const prefetchMe = () =>
  prefetch((trpc, queryClient) => queryClient.prefetchQuery(trpc.identity.me.queryOptions()));

export const prefetchCameraList = (input: Omit<CameraQuery, 'cursor'>) =>
  prefetch((trpc, queryClient) =>
    queryClient.prefetchInfiniteQuery(
      trpc.cameras.list.infiniteQueryOptions(input, { getNextPageParam: (page) => page.nextCursor ?? undefined }),
    ),
  );

export const prefetchCamera = (id: string) =>
  prefetch((trpc, queryClient) => queryClient.prefetchQuery(trpc.cameras.get.queryOptions({ id })));

/** The camera of a page; null where there is none, or none that this person may see. */
export const findCamera = cache(async (id: string): Promise<CameraDetail | null> => {
  try {
    return await pageApi()
      .createCaller(await contextHere())
      .cameras.get({ id });
  } catch (error) {
    const { code } = toAppError(error);
    if (code === 'NOT_FOUND' || code === 'BAD_REQUEST' || code === 'GONE') return null;
    throw error;
  }
});

export async function isSignedIn(): Promise<boolean> {
  return (await contextHere()).actor.type === 'user';
}
