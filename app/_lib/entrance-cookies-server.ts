import 'server-only';
import { cookies, headers } from 'next/headers';

import { viewAsCookie } from '#server/contracts/account.ts';
import { cookieName } from '#server/platform/cookie-name.ts';

import { withoutCookie } from './cookie-header.ts';
import { choiceSeconds } from './cookie.ts';
import { localeCookie } from './locale.ts';

/** By which a browser is known again, so that a sign-in from it is no news. Browsers keep none longer. */
const deviceCookie = { name: 'sensorium.device', path: '/api/auth', maxAge: 400 * 24 * 3600 };
/** Set by `identity.linkExternal`. */
const linkCookie = { name: 'sensorium.link', path: '/api/auth' };
const lookCookie = { name: viewAsCookie, path: '/' };

/** What a browser brings along when somebody signs in, and what it takes with it. `tls`: what cookies are called. */
export class EntranceCookies {
  readonly #tls: boolean;

  constructor({ tls }: { tls: boolean }) {
    this.#tls = tls;
  }

  /**
   * The request's headers without a look at the house as somebody else: whoever signs in leaves it. The session that then ends is the admin's own, and its
   * looks end with it.
   */
  async headersOfOneself(): Promise<Headers> {
    const given = new Headers(await headers());
    const rest = withoutCookie(given.get('cookie') ?? '', this.#nameOf(lookCookie));
    if (rest === '') given.delete('cookie');
    else given.set('cookie', rest);
    return given;
  }

  async device(): Promise<{ device?: string }> {
    const device = (await cookies()).get(this.#nameOf(deviceCookie))?.value;
    return device === undefined || device.length > 2000 ? {} : { device };
  }

  /** The wish to link an account at a provider; it serves once. */
  async takeLink(): Promise<string | null> {
    const wish = (await cookies()).get(this.#nameOf(linkCookie))?.value ?? null;
    if (wish !== null) await this.#drop(linkCookie);
    return wish;
  }

  /** Somebody has signed in: the browser is known again, and shows the language that they chose for themselves. */
  async remember({ device, user }: { device: string; user: { locale: string | null } }): Promise<void> {
    const jar = await cookies();
    const name = this.#nameOf(deviceCookie);
    jar.set({ ...deviceCookie, name, value: device, httpOnly: true, sameSite: 'lax', secure: this.#tls });
    if (jar.has(this.#nameOf(lookCookie))) await this.#drop(lookCookie);
    if (user.locale !== null)
      // Pages change it too, so it is not for the server alone.
      jar.set({ name: localeCookie, value: user.locale, path: '/', maxAge: choiceSeconds, sameSite: 'lax' });
  }

  async #drop(cookie: { name: string; path: string }): Promise<void> {
    const name = this.#nameOf(cookie);
    (await cookies()).set({ ...cookie, name, value: '', maxAge: 0, httpOnly: true, secure: this.#tls });
  }

  #nameOf({ name, path }: { name: string; path: string }): string {
    return cookieName(name, { tls: this.#tls, path });
  }
}
