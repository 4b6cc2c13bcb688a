import { randomBytes } from 'node:crypto';

import type { Sealer } from '#server/platform/sealed.ts';

/** What signs the deliveries of an endpoint; sealed for that endpoint alone. */
export class EndpointSecrets {
  readonly #sealer: Sealer;

  constructor(sealer: Sealer) {
    this.#sealer = sealer;
  }

  make(): string {
    return `whsec_${randomBytes(32).toString('base64')}`;
  }

  seal(secret: string, endpointId: string): Uint8Array<ArrayBuffer> {
    return this.#sealer.seal(secret, `webhook ${endpointId}`);
  }

  open(sealed: Uint8Array, endpointId: string): string {
    return this.#sealer.open(sealed, `webhook ${endpointId}`);
  }
}
