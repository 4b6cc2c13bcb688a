import { createHash, randomBytes } from 'node:crypto';

export interface FakeAuth {
  scheme: 'basic' | 'digest';
  user: string;
  password: string;
  /** Digest only; MD5 unless said. */
  algorithm?: 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess';
  /** Digest only: offer `qop="auth"`, true unless said. */
  qop?: boolean;
  /** Digest only: a nonce is stale after so many requests. */
  nonceUses?: number;
  /** Challenges that stand beside the true one. */
  alsoOffer?: string[];
}

const realm = 'fake "camera"';

/** Checks the `Authorization` of requests as a server would, on its own code. */
export class FakeAuthorizer {
  private readonly auth: FakeAuth;
  private nonce = randomBytes(8).toString('hex');
  private uses = 0;

  constructor(auth: FakeAuth) {
    this.auth = auth;
  }

  /** Null when the request is let in, else the values of `WWW-Authenticate`. */
  refuse(method: string, authorization: string | undefined): string[] | null {
    const { scheme, user, password, nonceUses = Infinity } = this.auth;
    if (scheme === 'basic') {
      const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
      return authorization === expected ? null : this.challenges(false);
    }
    if (!authorization?.startsWith('Digest ')) return this.challenges(false);
    const fields = new Map(
      [...authorization.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map(([, name = '', quoted, bare]) => [
        name,
        quoted?.replaceAll('\\"', '"') ?? bare ?? '',
      ]),
    );
    if (!this.isRight(method, fields)) return this.challenges(false);
    this.uses += 1;
    if (this.uses <= nonceUses) return null;
    this.nonce = randomBytes(8).toString('hex');
    this.uses = 0;
    return this.challenges(true);
  }

  private isRight(method: string, fields: ReadonlyMap<string, string>): boolean {
    const { user, password, algorithm = 'MD5', qop = true } = this.auth;
    const hash = (text: string) =>
      createHash(algorithm.startsWith('SHA') ? 'sha256' : 'md5')
        .update(text)
        .digest('hex');
    const field = (name: string) => fields.get(name) ?? '';
    const secret = hash(`${user}:${realm}:${password}`);
    const ha1 = algorithm.endsWith('-sess') ? hash(`${secret}:${this.nonce}:${field('cnonce')}`) : secret;
    const ha2 = hash(`${method}:${field('uri')}`);
    const middle = qop ? `${this.nonce}:${field('nc')}:${field('cnonce')}:auth` : this.nonce;
    const isNamed = field('username') === user && field('realm') === realm && field('nonce') === this.nonce;
    return isNamed && field('response') === hash(`${ha1}:${middle}:${ha2}`);
  }

  private challenges(isStale: boolean): string[] {
    const { scheme, algorithm, qop = true, alsoOffer = [] } = this.auth;
    const quoted = realm.replaceAll('"', '\\"');
    if (scheme === 'basic') return [...alsoOffer, `Basic realm="${quoted}"`];
    const parts = [
      `realm="${quoted}"`,
      `nonce="${this.nonce}"`,
      ...(algorithm ? [`algorithm=${algorithm}`] : []),
      ...(qop ? ['qop="auth,auth-int"'] : []),
      ...(isStale ? ['stale=TRUE'] : []),
    ];
    return [...alsoOffer, `Digest ${parts.join(', ')}`];
  }
}
