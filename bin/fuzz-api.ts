/** `node bin/fuzz-api.ts [--url … --key …]`: Schemathesis over the OpenAPI document of a running house; no answer may be a fault of ours. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { z } from 'zod';

import { withRunningSystem } from './running-system.ts';

const version = '4.32.5';
const cache = join(homedir(), '.cache/sensorium', `schemathesis-${version}`);
const installWithinMs = 180_000;
const seconds = 60;
/** What ends the tester's own sign-in, or waits on the local network for seconds each time. */
const leftOut = '(/sessions|/sign-out|/auth/revoke|/discovery/|/account$|/imports/preview)';
const say = (text: string) => process.stdout.write(`${text}\n`);

/** The path of the tool; null, with the reason said, where there is no Python or it can't be installed. */
function installSchemathesis(): string | null {
  const tool = join(cache, 'bin/schemathesis');
  if (existsSync(tool)) return tool;
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', cache]],
    [join(cache, 'bin/python'), ['-m', 'pip', 'install', '--quiet', `schemathesis==${version}`]],
  ];
  for (const [command, args] of steps) {
    const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: installWithinMs });
    if (status === 0) continue;
    const why = error?.message ?? stderr.trim().split('\n').at(-1) ?? 'no reason given';
    say(
      `Schemathesis can not be installed here (${why}): the fuzz of server/gateway/doors-fuzz.media.test.ts stands in`,
    );
    return null;
  }
  return tool;
}

/** True: nothing found. Null: the tool can't run here. */
export async function fuzzApi(house: { address: string; key: string }): Promise<boolean | null> {
  const tool = installSchemathesis();
  if (!tool) return null;
  const child = spawn(
    tool,
    [
      'run',
      `${house.address}/api/openapi.json`,
      `--url=${house.address}/api/v1`,
      `--header=Authorization: Bearer ${house.key}`,
      '--checks=not_a_server_error',
      '--phases=examples,coverage,fuzzing',
      `--max-time=${seconds}`,
      '--max-examples=30',
      '--seed=5',
      '--generation-database=none',
      `--exclude-path-regex=${leftOut}`,
      '--request-timeout=20',
      '--continue-on-failure',
      '--no-color',
      '--warnings=off',
    ],
    { stdio: 'inherit', timeout: (seconds + 60) * 1000 },
  );
  await once(child, 'close');
  return child.exitCode === 0;
}

/** Makes the owner of a fresh house and signs a machine in as them. */
async function ownersToken(address: string, ownerLink: string): Promise<string> {
  const account = { email: 'owner@example.org', password: 'correct horse battery staple' };
  const post = async (path: string, body: object): Promise<unknown> => {
    const answer = await fetch(`${address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const token = new URL(ownerLink).searchParams.get('token') ?? '';
  await post('/trpc/identity.claimOwner', { json: { token, name: 'Owner', ...account } });
  const answer = await post('/api/v1/auth/login', { username: account.email, password: account.password });
  return z.object({ access_token: z.string() }).parse(answer).access_token;
}

/** A house of its own, thrown away afterwards: what is sent changes and deletes. */
export function fuzzFreshHouse(): Promise<boolean | null> {
  const root = resolve(import.meta.dirname, '..');
  return withRunningSystem(
    root,
    async ({ address, ownerLink }) => {
      if (!ownerLink) throw new Error('the fresh house told no link for its owner');
      return fuzzApi({ address, key: await ownersToken(address, ownerLink) });
    },
    { quiet: true, env: { RATE_LIMIT_FACTOR: '1000' } },
  );
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { url: { type: 'string' }, key: { type: 'string' } } });
  const { url, key } = values;
  const isWell = url && key ? await fuzzApi({ address: url, key }) : await fuzzFreshHouse();
  process.exitCode = isWell === false ? 1 : 0;
}
