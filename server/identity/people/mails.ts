import type { Mail } from '#server/platform/mail.ts';

import type { Letter, MailLocale, MailWriter } from './letter.ts';
import { english } from './mails-en.ts';
import { japanese } from './mails-ja.ts';

const writers = { en: english, ja: japanese } as const satisfies Record<MailLocale, MailWriter>;

/** What is stored of a person's language, as one that mails are written in. */
export function mailLocale(stored: string | null | undefined): MailLocale {
  return stored === 'ja' ? 'ja' : 'en';
}

/** A letter to somebody as their row says it: in their language and their time. */
export function mailTo(
  person: { email: string; locale: string | null; timeZone: string | null },
  letter: Letter,
): Mail {
  return { to: person.email, ...writeMail(letter, { locale: mailLocale(person.locale), timeZone: person.timeZone }) };
}

/** A letter in a person's language: plain text, the link on a line of its own. */
export function writeMail(
  letter: Letter,
  { locale, timeZone }: { locale: MailLocale; timeZone: string | null },
): { subject: string; text: string } {
  const moment = (at: Date) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'long', timeZone: timeZone ?? 'UTC' }).format(at);
  const { subject, body } = writers[locale](letter, moment);
  const greeting = locale === 'ja' ? 'Sensorium からのお知らせです。' : 'Hello,';
  const closing =
    locale === 'ja' ? '— Sensorium（このメールは送信専用です）' : '— Sensorium (this address is not read)';
  return { subject: `[Sensorium] ${subject}`, text: `${[greeting, ...body, closing].join('\n\n')}\n` };
}
