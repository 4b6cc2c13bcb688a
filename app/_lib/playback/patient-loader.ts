import type { HlsConfig } from 'hls.js';

type Loader = HlsConfig['loader'];

/** Another host would first have to be asked whether it allows the header. */
export const isOurPlaylist = (address: string): boolean => {
  const { origin, pathname } = new URL(address, location.href);
  return origin === location.origin && pathname.endsWith('.m3u8');
};

/** The status that "not yet" would have had, had nobody said that they ask again; null where it is an answer. */
export function faultIn({ code, data }: { code?: number; data?: unknown }): number | null {
  if (code !== 202) return null;
  return String(data).includes('"NOT_FOUND"') ? 404 : 503;
}

/**
 * Asks for playlists as somebody who asks again by themselves: the house then says "not yet" with 202 instead of a fault, which the browser
 * would write into its console. For hls.js it is the fault that it was.
 */
export function patientLoader(Base: Loader): Loader {
  return class extends Base {
    override load(...[context, config, callbacks]: Parameters<InstanceType<Loader>['load']>): void {
      if (!isOurPlaylist(context.url)) return super.load(context, config, callbacks);
      context.headers = { ...context.headers, prefer: 'respond-async' };
      super.load(context, config, {
        ...callbacks,
        onSuccess: (response, stats, asked, details) => {
          const code = faultIn(response);
          if (code === null) callbacks.onSuccess(response, stats, asked, details);
          else callbacks.onError({ code, text: 'not yet' }, asked, details, stats);
        },
      });
    }
  };
}
