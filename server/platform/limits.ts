/** Every limit of requests: what is counted, how many, in what time. Keys multiply what they may by their `rateFactor`, the operator all of it. */

export interface Limit {
  /** In `seconds`. */
  points: number;
  seconds: number;
  unit: 'requests' | 'messages' | 'bytes';
  /** Whose count it is: of the credential, else the network; always the network; of one connection. */
  of: 'client' | 'network' | 'connection';
  /** Counted together by all gateways of one Redis. What is frequent and cheap each gateway counts for itself. */
  shared: boolean;
  /** Of one person with all their keys: who makes a hundred of them is not a hundred clients. One that the operator raised counts for itself alone. */
  ofPerson?: number;
}

const mib = 1_048_576;

export const limits = {
  /** REST and tRPC; each procedure of a batch counts. */
  api: { points: 1000, seconds: 60, unit: 'requests', of: 'client', shared: true, ofPerson: 5000 },
  grpc: { points: 500, seconds: 60, unit: 'requests', of: 'client', shared: true, ofPerson: 2500 },
  /** Tries to prove who one is, whatever account they name: the locks of accounts come on top. */
  signIn: { points: 60, seconds: 60, unit: 'requests', of: 'network', shared: true },
  /** What sends a mail to an address that a stranger chose. */
  mail: { points: 20, seconds: 3600, unit: 'requests', of: 'network', shared: true },
  /** Keys and tokens that are not good: who guesses is not looked up for long. */
  badCredential: { points: 60, seconds: 60, unit: 'requests', of: 'network', shared: true },
  /** Documents and what is asked for while one walks between them. */
  page: { points: 3000, seconds: 60, unit: 'requests', of: 'network', shared: false },
  /** Scripts, styles, fonts and pictures of pages: a first visit takes a hundred. */
  asset: { points: 12_000, seconds: 60, unit: 'requests', of: 'network', shared: false },
  /** A gigabit a second for a minute: a wall of nine 4K players is a quarter of it. */
  media: { points: 7200 * mib, seconds: 60, unit: 'bytes', of: 'network', shared: false },
  /** Pictures that a client sends over a WebSocket. */
  frame: { points: 600 * mib, seconds: 60, unit: 'bytes', of: 'client', shared: false, ofPerson: 3000 * mib },
  /** Control messages over one WebSocket. */
  websocket: { points: 100, seconds: 60, unit: 'messages', of: 'connection', shared: false },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof limits;

/** A request for media costs so many bytes even when it carries none. */
export const mediaRequestBytes = 16_384;

/** Procedures that try a secret, or send mail to an address of the caller's choice: they count there as well, through whatever door they are called. */
export const strictProcedures: Readonly<Record<string, 'signIn' | 'mail'>> = {
  'identity.claimOwner': 'signIn',
  'identity.prove': 'signIn',
  'identity.totpConfirm': 'signIn',
  'identity.totpOff': 'signIn',
  'identity.recoveryCodes': 'signIn',
  'passkeys.signInOptions': 'signIn',
  'auth.login': 'signIn',
  'account.confirmEmail': 'signIn',
  'account.confirmChange': 'signIn',
  'account.undoChange': 'signIn',
  'account.reset': 'signIn',
  'account.changePassword': 'signIn',
  'account.deleteAccount': 'signIn',
  'invitations.look': 'signIn',
  'account.signUp': 'mail',
  'account.resendConfirmation': 'mail',
  'account.requestReset': 'mail',
  'account.changeEmail': 'mail',
  'auth.register': 'mail',
  'auth.passwordReset': 'mail',
};
