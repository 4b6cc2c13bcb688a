import type { LinkPage } from '#server/contracts/account.ts';
import { putMail } from '#server/platform/mail.ts';
import type { Outbox } from '#server/platform/outbox.ts';
import type { Rows } from '#server/platform/transaction.ts';

import type { Letter } from './letter.ts';
import { newToken, type Links } from './links.ts';
import { mailLocale, writeMail } from './mails.ts';
import * as store from './store.ts';

export type LinkKind = Exclude<LinkPage, 'invitation'>;

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Links of one kind that a person is sent within an hour: nobody fills a mailbox through us. */
const linksPerHourMax = 3;

interface Reader {
  email: string;
  locale: string | null;
  timeZone: string | null;
}

/** What people are told by mail, and the one-time links in it. */
export class Letters {
  readonly #outbox: Outbox;
  readonly #links: Links;
  readonly #now: () => Date;

  constructor(options: { outbox: Outbox; links: Links; now: () => Date }) {
    this.#outbox = options.outbox;
    this.#links = options.links;
    this.#now = options.now;
  }

  /** Whether mail leaves the house; else it is kept for the admin, who hands links over. */
  get leave(): boolean {
    return !this.#outbox.keeps('mail');
  }

  async send(rows: Rows, to: Reader, letter: Letter): Promise<void> {
    const words = writeMail(letter, { locale: mailLocale(to.locale), timeZone: to.timeZone });
    await putMail(this.#outbox, rows, { to: to.email, ...words });
  }

  /** False when a person was sent enough links of this kind. The caller holds the person's lock, so that tries side by side count. */
  async mayLink(rows: Rows, userId: string, kind: LinkKind): Promise<boolean> {
    const since = new Date(this.#now().getTime() - hourMs);
    return (await store.countLinks(rows, { userId, kind, since })) < linksPerHourMax;
  }

  /** A link that works once. `email`: the address that it is about. */
  async newLink(
    rows: Rows,
    { kind, userId, email, validMs }: { kind: LinkKind; userId: string; email: string; validMs: number },
  ): Promise<{ link: string; token: string }> {
    const now = this.#now();
    const { token, tokenHash } = newToken();
    await store.deleteOldLinks(rows, new Date(now.getTime() - dayMs));
    const expiresAt = new Date(now.getTime() + validMs);
    await store.insertLink(rows, { tokenHash, kind, userId, email, createdAt: now, expiresAt });
    return { link: this.#links.to(kind, token), token };
  }
}
