import { createHash, randomBytes } from 'node:crypto';

import { linkPages, type LinkPage } from '#server/contracts/account.ts';
import { houseOrigin } from '#server/platform/house-origin.ts';
import type { Logger } from '#server/platform/log.ts';

export type OriginEnv = Parameters<typeof houseOrigin>[0];

/** A secret for one link, and what is kept of it. */
export function newToken(): { token: string; tokenHash: Uint8Array<ArrayBuffer> } {
  const token = randomBytes(32).toString('base64url');
  return { token, tokenHash: hashToken(token) };
}

export function hashToken(token: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(token).digest());
}

/**
 * Addresses that leave by mail. They stand on PUBLIC_URL; where it is not set, on this machine's own name, and never on what a request calls us:
 * anybody may write another Host, and the link would lead there (CWE-640).
 */
export class Links {
  /** `https://cameras.example.org`. */
  readonly origin: string;
  readonly #isGuess: boolean;
  readonly #log: Logger;
  #told = false;

  constructor(options: { env: OriginEnv; log: Logger }) {
    this.origin = houseOrigin(options.env);
    this.#isGuess = options.env.PUBLIC_URL === undefined;
    this.#log = options.log;
  }

  to(page: LinkPage, token: string): string {
    if (this.#isGuess && !this.#told) {
      this.#told = true;
      this.#log.warn(
        { action: 'links.origin', origin: this.origin },
        'PUBLIC_URL is not set: links in mails lead to this machine alone',
      );
    }
    return `${this.origin}${linkPages[page]}#token=${token}`;
  }
}
