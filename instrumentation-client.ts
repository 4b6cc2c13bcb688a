/** Runs in the browser before any page does. */
import { beginPlayer } from './app/_lib/playback/load-hls.ts';
import { beginGlobe } from './app/load-globe.ts';

// Otherwise zod tries whether code may be made of text; the content security policy forbids that, and browsers report each try.
// Written where zod looks for it: asked of zod itself, its schemas would come with every page.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });

// What locks the page behind a dialog writes a style of its own, and takes the page's nonce from this name.
Object.assign(globalThis, { __webpack_nonce__: document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce });

if (window.location.pathname === '/') beginGlobe(window.location.search);
beginPlayer(window.location.pathname);
