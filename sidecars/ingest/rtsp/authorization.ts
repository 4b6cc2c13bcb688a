import { createHash, randomBytes } from 'node:crypto';

export interface Credentials {
  user: string;
  password: string;
}

export interface Challenge {
  /** In lower case: `basic`, `digest`. */
  scheme: string;
  /** Names in lower case. */
  parameters: ReadonlyMap<string, string>;
}

export interface AuthRequest {
  method: string;
  uri: string;
}

/** One way to prove who we are. The first of the list that meets a challenge it can answer is used: strongest first. */
interface AuthStrategy {
  canAnswer: (challenge: Challenge) => boolean;
  /** `count` numbers the requests under this challenge from 1. */
  answer: (
    challenge: Challenge,
    request: AuthRequest & { credentials: Credentials; count: number; cnonce: string },
  ) => string;
}

const digestHashes = new Map([
  ['sha-512-256', 'sha512-256'],
  ['sha-256', 'sha256'],
  ['md5', 'md5'],
]);

/** Digest by RFC 7616, which contains RFC 2617's (`qop=auth`, and none at all) and RFC 2069's. */
function digest(algorithm: string): AuthStrategy {
  const hashName = digestHashes.get(algorithm) ?? 'md5';
  const hash = (text: string) => createHash(hashName).update(text, 'utf8').digest('hex');
  return {
    canAnswer: ({ scheme, parameters }) => {
      const wanted = (parameters.get('algorithm') ?? 'MD5').toLowerCase().replace(/-sess$/, '');
      return scheme === 'digest' && wanted === algorithm && parameters.has('nonce') && canUseQop(parameters.get('qop'));
    },
    answer: ({ parameters }, { method, uri, credentials, count, cnonce }) => {
      const realm = parameters.get('realm') ?? '';
      const nonce = parameters.get('nonce') ?? '';
      const opaque = parameters.get('opaque');
      const announced = parameters.get('algorithm');
      const isSession = announced?.toLowerCase().endsWith('-sess') ?? false;
      const qop = parameters.has('qop') ? 'auth' : null;
      const nc = count.toString(16).padStart(8, '0');
      const secret = hash(`${credentials.user}:${realm}:${credentials.password}`);
      const ha1 = isSession ? hash(`${secret}:${nonce}:${cnonce}`) : secret;
      const ha2 = hash(`${method}:${uri}`);
      const response = hash(qop ? `${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}` : `${ha1}:${nonce}:${ha2}`);
      const isUserHashed = parameters.get('userhash')?.toLowerCase() === 'true';
      const user = isUserHashed ? hash(`${credentials.user}:${realm}`) : credentials.user;
      return `Digest ${[
        `username=${quote(user)}`,
        `realm=${quote(realm)}`,
        `nonce=${quote(nonce)}`,
        `uri=${quote(uri)}`,
        `response="${response}"`,
        ...(announced ? [`algorithm=${announced}`] : []),
        ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
        ...(qop ? [`qop=${qop}`, `nc=${nc}`] : []),
        ...(qop || isSession ? [`cnonce=${quote(cnonce)}`] : []),
        ...(isUserHashed ? ['userhash=true'] : []),
      ].join(', ')}`;
    },
  };
}

const basic: AuthStrategy = {
  canAnswer: ({ scheme }) => scheme === 'basic',
  answer: (_challenge, { credentials: { user, password } }) =>
    `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`,
};

const strategies: readonly AuthStrategy[] = [...[...digestHashes.keys()].map(digest), basic];

/** Answers challenges for one connection: keeps the one in force and counts its use. */
export class Authorization {
  private readonly credentials: Credentials;
  private readonly createCnonce: () => string;
  private current: { challenge: Challenge; strategy: AuthStrategy; count: number; cnonce: string } | null = null;

  constructor(credentials: Credentials, createCnonce = () => randomBytes(12).toString('hex')) {
    this.credentials = credentials;
    this.createCnonce = createCnonce;
  }

  /** The value of `Authorization`, null before the first challenge. */
  answer(request: AuthRequest): string | null {
    if (!this.current) return null;
    this.current.count += 1;
    const { challenge, strategy, count, cnonce } = this.current;
    return strategy.answer(challenge, { ...request, credentials: this.credentials, count, cnonce });
  }

  /**
   * Takes the challenges of a 401. `wasAnswered`: the refused request carried an answer already. Says whether asking
   * again can help: not after the same challenge, unless the server calls the nonce stale or has forgotten one that had worked.
   */
  accept(
    challenges: readonly Challenge[],
    { wasAnswered, hasWorked }: { wasAnswered: boolean; hasWorked: boolean },
  ): boolean {
    for (const strategy of strategies) {
      const challenge = challenges.find((one) => strategy.canAnswer(one));
      if (!challenge) continue;
      const isStale = challenge.parameters.get('stale')?.toLowerCase() === 'true';
      const isNewNonce = challenge.parameters.get('nonce') !== this.current?.challenge.parameters.get('nonce');
      if (wasAnswered && !(isNewNonce && (isStale || hasWorked))) return false;
      this.current = { challenge, strategy, count: 0, cnonce: this.createCnonce() };
      return true;
    }
    return false;
  }
}

/** Reads the values of `WWW-Authenticate`, each of which may hold several challenges (RFC 7235 §4.1). */
export function readChallenges(values: readonly string[]): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  const pattern = /([!#$%&'*+.^_`|~0-9a-z-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/gi;
  for (const value of values) {
    for (const [, name = '', quoted, bare] of value.matchAll(pattern)) {
      if (quoted === undefined && bare === undefined)
        challenges.push({ scheme: name.toLowerCase(), parameters: new Map() });
      else challenges.at(-1)?.parameters.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '');
    }
  }
  return challenges;
}

function canUseQop(qop: string | undefined): boolean {
  return (
    qop === undefined ||
    qop
      .toLowerCase()
      .split(/[\s,]+/)
      .includes('auth')
  );
}

function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
