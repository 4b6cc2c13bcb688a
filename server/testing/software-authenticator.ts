import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

import { isoCBOR } from '@simplewebauthn/server/helpers';

interface Ceremony {
  challenge: string;
  rpId: string;
  origin: string;
  /** The device has looked at who is there. */
  userVerified?: boolean;
}

const userPresent = 0x01;
const userVerifiedFlag = 0x04;
const attestedCredential = 0x40;
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest();
const coordinate = (text: string | undefined) => Uint8Array.from(Buffer.from(text ?? '', 'base64url'));

/** A device with one passkey (ES256, no attestation), as WebAuthn §6 describes it. */
export class SoftwareAuthenticator {
  readonly credentialId = randomBytes(16).toString('base64url');
  counter = 0;
  userHandle: string | undefined;
  readonly #key: KeyObject;
  readonly #cose: Uint8Array;

  constructor() {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = pair.privateKey;
    const { x, y } = pair.publicKey.export({ format: 'jwk' });
    this.#cose = isoCBOR.encode(
      new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, coordinate(x)],
        [-3, coordinate(y)],
      ]),
    );
  }

  /** Answers `navigator.credentials.create`. */
  register({ userHandle, ...ceremony }: Ceremony & { userHandle: string }) {
    this.userHandle = userHandle;
    const id = Buffer.from(this.credentialId, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const authData = Buffer.concat([
      this.#authData(ceremony, attestedCredential),
      Buffer.alloc(16),
      length,
      id,
      this.#cose,
    ]);
    const attestation = new Map<string, string | Uint8Array | Map<string, string>>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', Uint8Array.from(authData)],
    ]);
    return this.#answer({
      clientDataJSON: clientData('webauthn.create', ceremony).toString('base64url'),
      attestationObject: Buffer.from(isoCBOR.encode(attestation)).toString('base64url'),
      transports: ['internal'],
    });
  }

  /** Answers `navigator.credentials.get`. */
  answer(ceremony: Ceremony) {
    this.counter += 1;
    const data = clientData('webauthn.get', ceremony);
    const authenticatorData = this.#authData(ceremony, 0);
    const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(data)]), this.#key);
    return this.#answer({
      clientDataJSON: data.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: signature.toString('base64url'),
      userHandle: this.userHandle,
    });
  }

  #answer<Response>(response: Response) {
    return {
      id: this.credentialId,
      rawId: this.credentialId,
      type: 'public-key',
      clientExtensionResults: {},
      response,
    };
  }

  #authData({ rpId, userVerified = true }: Ceremony, more: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    const flags = userPresent | (userVerified ? userVerifiedFlag : 0) | more;
    return Buffer.concat([sha256(rpId), Buffer.of(flags), counter]);
  }
}

function clientData(type: string, { challenge, origin }: Ceremony): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}
