import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';

import type { Logger } from '#server/platform/log.ts';

export interface Certificate {
  cert: Buffer;
  key: Buffer;
}

interface Options {
  certFile: string;
  keyFile: string;
  log: Logger;
  everyMs?: number;
}

/** Looked at, not waited for: renewals replace files and links in ways that a watch of the file system does not see. */
const lookEveryMs = 10_000;

/** The certificate of the public port, read again when its files change. */
export class CertificateFiles {
  readonly #options: Options;
  readonly #files: readonly string[];
  #listener: ((certificate: Certificate) => void) | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#files = [options.certFile, options.keyFile];
  }

  /** Throws where they are not there or do not belong together. */
  read(): Certificate {
    const { certFile, keyFile } = this.#options;
    const certificate = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
    createSecureContext(certificate);
    return certificate;
  }

  watch(listener: (certificate: Certificate) => void): void {
    this.#listener = listener;
    const interval = this.#options.everyMs ?? lookEveryMs;
    for (const file of this.#files) watchFile(file, { persistent: false, interval }, this.#onChange);
  }

  /** Reads them at once: by word of the operator. */
  reload(): void {
    const { log } = this.#options;
    try {
      this.#listener?.(this.read());
      log.info({ action: 'certificate.reloaded' }, 'the certificate was read again');
    } catch (error) {
      // One of the two files may be written a moment after the other: its own change brings us back here.
      log.warn({ action: 'certificate.refused', error }, 'the changed certificate can not be used: the old one stays');
    }
  }

  close(): void {
    for (const file of this.#files) unwatchFile(file, this.#onChange);
  }

  readonly #onChange = () => this.reload();
}
