import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { checkDataFolder, checkPort, lockDataFolder } from './checks.ts';
import { checkDatabase } from './database-check.ts';
import { freePort, portFault } from './ports.ts';
import { canBeEntered, findPostgresHome } from './postgres-home.ts';
import { fingerprint } from './prepare.ts';
import { ProcessLog } from './process-log.ts';
import { openSecrets } from './secrets.ts';
import { checkSettings, parseSettings } from './settings-check.ts';
import { StartFault } from './start-fault.ts';
import type { SupervisorEnv } from './supervisor-env.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sensorium-start-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const env = (port: number): SupervisorEnv => ({
  port,
  host: '127.0.0.1',
  dataDir: folder,
  databaseUrl: null,
  sealingKey: null,
  logLevel: 'info',
  publicUrl: null,
  hasTls: false,
  inherited: { NODE_ENV: 'test' },
});

describe('before a start', () => {
  it('says what to do when the port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(checkPort(env(port), { waitMs: 0 })).rejects.toThrow(/taken.*PORT=3001 npm start/);
    server.close();
  });

  it('waits for the processes of a killed supervisor to leave the port', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    setTimeout(() => server.close(), 300);
    await expect(checkPort(env(port), { waitMs: 5000 })).resolves.toBeUndefined();
  });

  it('names a setting that can not be used, in a sentence, without its value', () => {
    const refused = (given: Record<string, string>) => {
      try {
        checkSettings(given);
      } catch (error) {
        return error instanceof StartFault ? error.message : error;
      }
      return null;
    };
    expect(refused({})).toBeNull();
    expect(refused({ ALLOWED_SOURCE_CIDRS: '192.168.0.0/16, fd00::/8 10.1.2.3', CAPACITY: '20' })).toBeNull();
    expect(refused({ CAPACITY: 'many-secrets' })).toMatch(/CAPACITY: .*[.]env[.]example/);
    expect(refused({ CAPACITY: 'many-secrets' })).not.toContain('many-secrets');
    expect(refused({ ALLOWED_SOURCE_CIDRS: '10.0.0.0/40' })).toMatch(/ALLOWED_SOURCE_CIDRS: .*192[.]168[.]0[.]0/);
    expect(refused({ ALLOWED_WEBHOOK_CIDRS: 'banana' })).toMatch(/ALLOWED_WEBHOOK_CIDRS: .*192[.]168[.]0[.]0/);
    expect(refused({ SENSORIUM_KEY: 'short' })).toMatch(/SENSORIUM_KEY is too short/);
    expect(refused({ DATABASE_URL: 'mysql://a:secret@b/c' })).toMatch(/DATABASE_URL/);
    expect(refused({ TLS_CERT: join(folder, 'cert.pem') })).toMatch(/TLS_CERT and TLS_KEY/);
    const files = { TLS_CERT: join(folder, 'cert.pem'), TLS_KEY: join(folder, 'key.pem') };
    expect(refused(files)).toMatch(/TLS_CERT: .*cert[.]pem can't be read [(]ENOENT[)]/);
    for (const file of Object.values(files)) writeFileSync(file, 'no certificate');
    expect(refused(files)).toMatch(/do not belong together/);
    const port = z.object({ PORT: z.coerce.number('a number') });
    expect(() => parseSettings(port, { PORT: 'abc' })).toThrow(/PORT: a number.*[.]env[.]example/);
  });

  it('says why a database of the operator can not be used, without its address', async () => {
    const nobody = `postgresql://user:secret@127.0.0.1:${await freePort()}/cameras`;
    const fault = await checkDatabase(nobody).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(StartFault);
    expect(String(fault)).toMatch(/DATABASE_URL can't be used: nothing answers.*embedded/);
    expect(String(fault)).not.toMatch(/secret|127[.]0[.]0[.]1/);
  });

  it('finds a free port that can be listened on', async () => {
    expect(await portFault(await freePort(), '127.0.0.1')).toBeNull();
  });

  it('says what to do when the disk is full; where it ran before, recordings may fill the disk up to what they leave free', () => {
    const megabytes = (count: number) => () => count * 1_048_576;
    expect(() => checkDataFolder(folder, megabytes(40))).toThrow(/Only 40 MB are free.*1024 MB.*DATA_DIR=/);
    openSecrets(folder);
    expect(() => checkDataFolder(folder, megabytes(900))).not.toThrow();
    expect(() => checkDataFolder(folder, megabytes(40))).toThrow(/Only 40 MB are free.*128 MB.*DATA_DIR=/);
  });

  it('says what to do when the data folder is a file', () => {
    writeFileSync(join(folder, 'data'), '');
    expect(() => checkDataFolder(join(folder, 'data'))).toThrow(/No permission to write.*DATA_DIR=/);
  });

  it('takes over the lock of a killed supervisor and refuses that of a living one', () => {
    mkdirSync(join(folder, 'run'));
    writeFileSync(join(folder, 'run/supervisor.pid'), '999999999');
    const lock = lockDataFolder(folder);
    expect(lock.takenOver).toBe(true);
    lock.release();
    expect(lockDataFolder(folder).takenOver).toBe(false);
  });

  it('keeps secrets to the owner of the install, and the same over starts', () => {
    const first = openSecrets(folder);
    expect(openSecrets(folder)).toEqual(first);
    expect(statSync(join(folder, 'secrets/sealing-key')).mode & 0o777).toBe(0o600);
    expect(new Set(Object.values(first)).size).toBe(4);
  });

  it('knows a folder that another account can not enter', () => {
    mkdirSync(join(folder, 'closed/inner'), { recursive: true });
    chmodSync(folder, 0o755);
    expect(canBeEntered(join(folder, 'closed/inner'))).toBe(true);
    chmodSync(join(folder, 'closed'), 0o700);
    expect(canBeEntered(join(folder, 'closed/inner'))).toBe(false);
  });

  it.runIf(process.getuid?.() === 0)(
    'gives root a database home that its account can enter, however closed the data folder is',
    () => {
      chmodSync(folder, 0o700);
      const home = findPostgresHome(folder);
      expect(home.clusterDir.startsWith(folder)).toBe(false);
      expect(canBeEntered(dirname(home.clusterDir))).toBe(true);
      expect(statSync(home.clusterDir)).toMatchObject({ uid: home.account?.uid, gid: home.account?.gid });
      rmSync(dirname(home.clusterDir), { recursive: true });
    },
  );

  it('builds again when a source changed and not when a test did', () => {
    writeFileSync(join(folder, 'a.ts'), '1');
    const before = fingerprint(folder, ['*.ts']);
    writeFileSync(join(folder, 'a.test.ts'), '2');
    expect(fingerprint(folder, ['*.ts'])).toBe(before);
    writeFileSync(join(folder, 'a.ts'), '3');
    expect(fingerprint(folder, ['*.ts'])).not.toBe(before);
  });
});

describe('the log of the processes', () => {
  it('goes on when its file can not be written', async () => {
    const log = new ProcessLog({ dataDir: folder, verbose: false, show: () => {} });
    rmSync(join(folder, 'logs'), { recursive: true });
    log.line('ingest', 'lost');
    await new Promise((resolve) => setTimeout(resolve, 50));
    mkdirSync(join(folder, 'logs'));
    log.line('ingest', 'kept');
    await expect.poll(() => readFileSync(join(folder, 'logs/ingest.log'), 'utf8')).toBe('kept\n');
  });

  it('shows warnings in words, keeps the rest in a file', async () => {
    const shown: string[] = [];
    const log = new ProcessLog({ dataDir: folder, verbose: false, show: (text) => shown.push(text) });
    log.line('ingest', '{"level":"INFO","message":"quiet"}');
    log.line('ingest', '{"level":"WARN","message":"loud","error":"why"}');
    expect(shown).toEqual(['ingest   warn: loud (why)']);
    await expect.poll(() => readFileSync(join(folder, 'logs/ingest.log'), 'utf8')).toContain('quiet');
  });
});
