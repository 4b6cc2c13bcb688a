import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Secrets of this install, made at the first start, one file each with mode 0600 in `DATA_DIR/secrets`. Base64url text. */
const names = ['sealing-key', 'internal', 'session', 'postgres'] as const;
export type Secrets = Record<(typeof names)[number], string>;

/** Reads the install's secrets; makes those that are missing. Deleting `sealing-key` makes stored camera passwords unreadable. */
export function openSecrets(dataDir: string): Secrets {
  const folder = join(dataDir, 'secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const read = (name: string): string => {
    const file = join(folder, name);
    if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
    chmodSync(file, 0o600);
    return readFileSync(file, 'utf8').trim();
  };
  return {
    'sealing-key': read('sealing-key'),
    internal: read('internal'),
    session: read('session'),
    postgres: read('postgres'),
  };
}
