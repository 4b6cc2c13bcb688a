import type { MailWriter } from './letter.ts';

export const english: MailWriter = (letter, moment) => {
  switch (letter.kind) {
    case 'confirmEmail':
      return {
        subject: 'Confirm your e-mail address',
        body: [
          `An account was made with this address. Open this link within ${letter.days} days to confirm it:`,
          letter.link,
          'If it was not you, do nothing: without the link the account cannot be used with your address, and it is deleted.',
        ],
      };
    case 'alreadyHere':
      return {
        subject: 'You have an account already',
        body: [
          'Somebody tried to make an account with this address, which has one already. If it was you, sign in as before.',
          `If you have forgotten the password, set another one within ${letter.minutes} minutes:`,
          letter.link,
          'If it was not you, do nothing: your account is as it was.',
        ],
      };
    case 'resetPassword':
      return {
        subject: 'Set a new password',
        body: [
          `Open this link within ${letter.minutes} minutes to set a new password. It works once, and signs you out everywhere:`,
          letter.link,
          'If you did not ask for it, do nothing: your password stays as it is.',
        ],
      };
    case 'passwordChanged':
      return {
        subject: 'Your password was changed',
        body: [
          `Your password was changed on ${moment(letter.at)}${letter.ip === null ? '' : `, from ${letter.ip}`}.`,
          'Other devices were signed out.',
          'If it was not you, set another one at once by “Forgotten password” on the sign-in page, and look through your API keys.',
        ],
      };
    case 'emailChangeAsked':
      return {
        subject: 'Your e-mail address is to be changed',
        body: [
          `Somebody signed in to your account asked to change its address to ${letter.email}. If it was you, there is nothing to do here.`,
          `If it was not you, open this link within ${letter.hours} hours. It takes the change back, signs everybody out, and lets you set a new password:`,
          letter.link,
        ],
      };
    case 'confirmNewEmail':
      return {
        subject: 'Confirm your new e-mail address',
        body: [
          `Open this link within ${letter.hours} hours to make this the address of your account:`,
          letter.link,
          'If you have no account here, do nothing: somebody mistyped an address.',
        ],
      };
    case 'emailTaken':
      return {
        subject: 'Your address was given for another account',
        body: [
          'Somebody asked to change the address of another account to this one. It belongs to your account, so nothing was changed.',
          'If it was not you, do nothing.',
        ],
      };
    case 'emailChanged':
      return {
        subject: 'Your e-mail address was changed',
        body: [
          `The address of your account is now ${letter.email}. Mail for you goes there from now on.`,
          `If it was not you, open this link within ${letter.hours} hours. It brings this address back, signs everybody out, and lets you set a new password:`,
          letter.link,
        ],
      };
    case 'emailIsNow':
      return {
        subject: 'This is the address of your account',
        body: [
          'The address of your account was changed to this one. Sign in with it from now on.',
          'If it was not you, write to whoever runs this house.',
        ],
      };
    case 'emailChangeUndone':
      return {
        subject: 'The change of your e-mail address was taken back',
        body: [
          'Your account has this address, everybody was signed out, the password no longer works, and API keys, passkeys and a second factor that were added within the last three days are gone.',
          'Set a new one: “Forgotten password” on the sign-in page sends you a link. Then look through your API keys and passkeys.',
          'If it was not you, do the same: whoever opened the link could read your mail.',
        ],
      };
    case 'invitation':
      return {
        subject: 'You are invited',
        body: [
          `${letter.invitedBy} invites you to make an account. The link works once, until ${moment(letter.until)}:`,
          letter.link,
          'If you do not know who this is, do nothing.',
        ],
      };
    case 'accountDeleted':
      return {
        subject: 'Your account was deleted',
        body: [
          `Your account was deleted on ${moment(letter.at)}. Nobody can sign in with it; its keys and tokens ended.`,
          'If it was not you, write to whoever runs this house: the account itself cannot be brought back.',
        ],
      };
    case 'newDevice':
      return {
        subject: 'Sign-in from a new device',
        body: [
          `Your account was signed in to from a new device: ${letter.device}${letter.ip === null ? '' : `, from ${letter.ip}`}, on ${moment(letter.at)}.`,
          'If it was not you, change your password at once and sign out everywhere on your account page.',
        ],
      };
    case 'signInLocked':
      return {
        subject: 'Your account is locked for a while after wrong passwords',
        body: [
          `Somebody tried wrong passwords for your account many times, the last time on ${moment(letter.at)}${letter.ip === null ? '' : ` from ${letter.ip}`}. To keep it safe, only one try every ${letter.minutes} minutes is taken now.`,
          'If it was not you, nobody has got in. With a passkey you can sign in all the same.',
        ],
      };
  }
};
