import type { Mail } from '#server/platform/mail.ts';

type Words = Pick<Mail, 'subject' | 'text'>;

interface Facts {
  name: string;
  device: string;
  ip: string | null;
  at: Date;
}

/** Somebody signed in on a browser that was not seen before. */
export function newDeviceLetter(locale: string | null, { name, device, ip, at }: Facts): Words {
  const where = ip ?? '–';
  if (locale === 'ja')
    return {
      subject: '新しい端末からサインインがありました',
      text: `${name} 様\n\n新しい端末から Sensorium へのサインインがありました。\n\n端末: ${device}\nIP アドレス: ${where}\n日時: ${at.toISOString()}\n\nお心当たりがない場合は、ただちにパスワードを変更し、アカウントのページですべての端末からサインアウトしてください。\n`,
    };
  return {
    subject: 'Sign-in from a new device',
    text: `Hello ${name},\n\nyour Sensorium account was signed in to from a new device.\n\nDevice: ${device}\nIP address: ${where}\nTime: ${at.toISOString()}\n\nIf this was not you, change your password at once and sign out everywhere on your account page.\n`,
  };
}

/** The account is locked for a while because of wrong passwords. */
export function lockedLetter(
  locale: string | null,
  { name, ip, at, minutes }: Omit<Facts, 'device'> & { minutes: number },
): Words {
  const where = ip ?? '–';
  if (locale === 'ja')
    return {
      subject: 'サインインの失敗が続いたため、アカウントを一時的にロックしました',
      text: `${name} 様\n\nSensorium のアカウントで、誤ったパスワードによるサインインが何度も試みられました。安全のため、パスワードでのサインインを ${minutes} 分ごとに 1 回までに制限しています。\n\n最後の試行の IP アドレス: ${where}\n日時: ${at.toISOString()}\n\nお心当たりがない場合も、パスワードが知られていなければ心配はいりません。パスキーをお持ちであれば、引き続きサインインできます。\n`,
    };
  return {
    subject: 'Your account is locked for a while after wrong passwords',
    text: `Hello ${name},\n\nsomebody tried wrong passwords for your Sensorium account many times. To keep it safe, only one try every ${minutes} minutes is taken now.\n\nIP address of the last try: ${where}\nTime: ${at.toISOString()}\n\nIf it was not you, nobody has got in. With a passkey you can sign in all the same.\n`,
  };
}
