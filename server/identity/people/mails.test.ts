import { expect, test } from 'vitest';

import type { Letter, MailLocale } from './letter.ts';
import { writeMail } from './mails.ts';

const link = 'https://cameras.example.org/confirm-email#token=abc';
const at = new Date('2026-11-22T03:04:05Z');
const letters: Letter[] = [
  { kind: 'confirmEmail', link, days: 7 },
  { kind: 'alreadyHere', link, minutes: 30 },
  { kind: 'resetPassword', link, minutes: 30 },
  { kind: 'passwordChanged', at, ip: '192.0.2.1' },
  { kind: 'emailChangeAsked', email: 'new@example.org', link, hours: 72 },
  { kind: 'confirmNewEmail', link, hours: 24 },
  { kind: 'emailTaken' },
  { kind: 'emailChanged', email: 'new@example.org', link, hours: 72 },
  { kind: 'emailIsNow' },
  { kind: 'emailChangeUndone' },
  { kind: 'invitation', invitedBy: 'Aya', link, until: at },
  { kind: 'accountDeleted', at },
  { kind: 'newDevice', device: 'Firefox · Linux', ip: '192.0.2.1', at },
  { kind: 'signInLocked', ip: null, at, minutes: 15 },
];
const inAll = (['en', 'ja'] as const).flatMap((locale) =>
  letters.map((letter): [MailLocale, Letter['kind'], Letter] => [locale, letter.kind, letter]),
);

test.each(inAll)(
  '%s %s: one line of subject, the link on a line of its own, and what to do if it was not you',
  (locale, _kind, letter) => {
    const { subject, text } = writeMail(letter, { locale, timeZone: null });
    expect(subject).toMatch(/^\[Sensorium\] \S.*$/);
    expect(text.split('\n').filter((line) => line.includes('http'))).toEqual('link' in letter ? [link] : []);
    expect(text).toMatch(locale === 'ja' ? /場合(は|も)/ : /\bIf (it was not you|you do|you did not|you have no)/);
    expect(/[ぁ-ん]/.test(text)).toBe(locale === 'ja');
  },
);

test('a time is told in the time of the reader', () => {
  const told = writeMail({ kind: 'accountDeleted', at }, { locale: 'ja', timeZone: 'Asia/Tokyo' });
  expect(told.text).toContain('2026年11月22日');
  expect(told.text).toContain('12:04:05');
  expect(writeMail({ kind: 'accountDeleted', at }, { locale: 'en', timeZone: null }).text).toContain('3:04:05');
});
