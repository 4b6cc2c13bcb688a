export type MailLocale = 'en' | 'ja';

/** What a person is told by mail. Nothing in it was written by somebody who does not have the account, but names that an admin vouches for. */
export type Letter =
  | { kind: 'confirmEmail'; link: string; days: number }
  | { kind: 'alreadyHere'; link: string; minutes: number }
  | { kind: 'resetPassword'; link: string; minutes: number }
  | { kind: 'passwordChanged'; at: Date; ip: string | null }
  | { kind: 'emailChangeAsked'; email: string; link: string; hours: number }
  | { kind: 'confirmNewEmail'; link: string; hours: number }
  | { kind: 'emailTaken' }
  | { kind: 'emailChanged'; email: string; link: string; hours: number }
  | { kind: 'emailIsNow' }
  | { kind: 'emailChangeUndone' }
  | { kind: 'invitation'; invitedBy: string; link: string; until: Date }
  | { kind: 'accountDeleted'; at: Date }
  /** A browser that was not seen before. */
  | { kind: 'newDevice'; device: string; ip: string | null; at: Date }
  /** Locked for a while because of wrong passwords. */
  | { kind: 'signInLocked'; ip: string | null; at: Date; minutes: number };

export interface MailWords {
  subject: string;
  /** Paragraphs; a link is one of its own. */
  body: string[];
}
/** `moment` writes a time as its reader does. */
export type MailWriter = (letter: Letter, moment: (at: Date) => string) => MailWords;
