import { createTransport } from 'nodemailer';
import { z } from 'zod';

import { AppError } from './app-error.ts';
import type { Rows } from './db.ts';
import { Undeliverable, type Outbox, type OutboxKind } from './outbox.ts';

/** A line of a header: what could begin another one is refused (CWE-93). */
const headerLine = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^\r\n\0]*$/);

export const mail = z.object({
  to: headerLine.pipe(z.email()),
  subject: headerLine,
  text: z.string().min(1).max(100_000),
});
export type Mail = z.infer<typeof mail>;

/** A server's word that it will never take this mail: 5.1.x, unknown or refused recipients, and the like. */
const refusedForGood = z.object({ responseCode: z.int().min(550).max(559) });

const withinMs = 20_000;

/** Puts a plain text mail into the outbox, in the transaction of what it tells of. */
export async function putMail(outbox: Outbox, rows: Rows, letter: Mail): Promise<void> {
  const parsed = mail.safeParse(letter);
  if (!parsed.success)
    throw new AppError('BAD_REQUEST', { message: 'the mail can not be written', cause: parsed.error });
  const { to, subject } = parsed.data;
  await outbox.put(rows, { kind: 'mail', summary: { to, subject }, payload: parsed.data });
}

/** Sends mail by the operator's SMTP server (`smtp://`: STARTTLS where it is offered; `smtps://`). */
export function mailKind(smtp: { url: string; from: string }): OutboxKind<Mail> {
  const transport = createTransport({
    url: smtp.url,
    connectionTimeout: withinMs,
    greetingTimeout: withinMs,
    socketTimeout: withinMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    name: 'mail',
    payload: mail,
    deliver: async (letter, { id }) => {
      try {
        const sent = await transport.sendMail({
          ...letter,
          from: smtp.from,
          // The same at each try, so that a mail which arrived although we were told otherwise is recognised.
          messageId: `<${id}@sensorium>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { response: sent.response.slice(0, 200) };
      } catch (error) {
        if (refusedForGood.safeParse(error).success)
          throw new Undeliverable(error instanceof Error ? error.message : 'refused', { cause: error });
        throw error;
      }
    },
  };
}
