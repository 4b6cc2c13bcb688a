import { once } from 'node:events';

import { afterEach, describe, expect, it } from 'vitest';

import { Child, type ChildOptions } from './child.ts';
import { Keeper } from './keeper.ts';
import { wholeEnvironment } from './supervisor-env.ts';

const children: Child[] = [];
const script = (code: string, more: Partial<ChildOptions> = {}): ChildOptions => ({
  name: 'subject',
  command: process.execPath,
  args: ['-e', code],
  env: { ...wholeEnvironment() },
  ready: { by: 'message' },
  readyWithinMs: 5000,
  drainWithinMs: 500,
  ...more,
});
function child(code: string, more: Partial<ChildOptions> = {}): Child {
  const subject = new Child(script(code, more));
  children.push(subject);
  return subject;
}
const stays = "process.send({ type: 'ready' }); setInterval(() => {}, 1000);";

afterEach(async () => {
  await Promise.all(children.splice(0).map((each) => each.stop()));
});

describe('the life of a child process', () => {
  it('is ready when it says so, and gone as asked when it is stopped', async () => {
    const subject = child(stays);
    await subject.start();
    expect(subject.state.state).toBe('ready');
    const gone = once(subject, 'gone');
    await subject.stop();
    expect((await gone)[0]).toMatchObject({ kind: 'asked' });
  });

  it('calls death before ready a bad start', async () => {
    const subject = child('process.exit(3)');
    await expect(subject.start()).rejects.toThrow('exit code 3');
    expect(subject.state).toMatchObject({ state: 'gone', ending: { kind: 'badStart', code: 3 } });
  });

  it('calls death after ready a fault', async () => {
    const subject = child("process.send({ type: 'ready' }); setTimeout(() => process.exit(4), 50);");
    await subject.start();
    await once(subject, 'gone');
    expect(subject.state).toMatchObject({ state: 'gone', ending: { kind: 'fault', code: 4 } });
  });

  it('kills one that is not ready in time', async () => {
    const subject = child('setInterval(() => {}, 1000)', { readyWithinMs: 300 });
    await expect(subject.start()).rejects.toThrow('SIGKILL');
    expect(subject.state).toMatchObject({ ending: { kind: 'badStart' } });
  });

  it('kills one that does not drain in time, and may be stopped twice', async () => {
    const subject = child(`process.on('SIGTERM', () => {}); ${stays}`);
    await subject.start();
    await Promise.all([subject.stop(), subject.stop()]);
    expect(subject.state).toMatchObject({ state: 'gone', ending: { kind: 'asked', signal: 'SIGKILL' } });
  });

  it('tells a program that can not be started', async () => {
    const subject = child('', { command: '/no/such/program' });
    await expect(subject.start()).rejects.toThrow('ENOENT');
  });

  it('takes a task for ready when it ends with 0', async () => {
    const subject = child("console.log('did it')", { ready: { by: 'exit' } });
    const line = once(subject, 'line');
    await subject.start();
    expect(await line).toEqual(['stdout', 'did it']);
  });

  it('asks a probe until it answers', async () => {
    let asked = 0;
    const subject = child('setInterval(() => {}, 1000)', {
      ready: { by: 'probe', everyMs: 10, probe: () => Promise.resolve((asked += 1) > 2) },
    });
    await subject.start();
    expect(asked).toBe(3);
  });
});

describe('a keeper', () => {
  const silent = { info: () => {}, warn: () => {}, line: () => {} };

  it('starts a killed process again', async () => {
    const said: string[] = [];
    const keeper = new Keeper('subject', () => script(stays), { ...silent, info: (text) => said.push(text) });
    await keeper.start();
    const first = keeper.pid ?? 0;
    process.kill(first, 'SIGKILL');
    await expect.poll(() => said, { timeout: 5000 }).toContain('subject is back');
    expect(keeper.pid).not.toBe(first);
    await keeper.stop();
  });

  it('tells a bad first start instead of trying again', async () => {
    const keeper = new Keeper('subject', () => script('process.exit(1)'), silent);
    await expect(keeper.start()).rejects.toThrow('exit code 1');
  });

  it('lets no process live after it was stopped during a pause', async () => {
    let lives = 0;
    const keeper = new Keeper(
      'subject',
      () => {
        lives += 1;
        return script(stays);
      },
      silent,
    );
    await keeper.start();
    process.kill(keeper.pid ?? 0, 'SIGKILL');
    await expect.poll(() => keeper.pid && isGone(keeper.pid)).toBe(true);
    await keeper.stop();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(lives).toBe(1);
  });
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true; // ESRCH
  }
}
