/** Runs in the browser before any page does. */
import { config } from 'zod/v4/core';

// Otherwise zod tries whether code may be made of text; the content security policy forbids that, and browsers report each try.
config({ jitless: true });

// What locks the page behind a dialog writes a style of its own, and takes the page's nonce from this name.
Object.assign(globalThis, { __webpack_nonce__: document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce });
