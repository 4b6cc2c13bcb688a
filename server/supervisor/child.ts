import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** The life of a child process. Death before ready is a bad start, death after ready is a fault, death we asked for is neither. */
export type ChildState =
  | { state: 'starting'; since: number }
  | { state: 'ready'; pid: number; since: number }
  | { state: 'draining'; since: number }
  | { state: 'gone'; ending: Ending; since: number };

export interface Ending {
  kind: 'badStart' | 'fault' | 'asked';
  code: number | null;
  signal: NodeJS.Signals | null;
  message: string;
}

/** How a child says that it does its work. */
export type Readiness =
  /** It sends `{ type: 'ready' }` over IPC. */
  | { by: 'message' }
  /** We ask until it answers. */
  | { by: 'probe'; probe: () => Promise<boolean>; everyMs: number }
  /** It ends with exit code 0: a task, not a server. */
  | { by: 'exit' };

export interface ChildOptions {
  name: string;
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  ready: Readiness;
  readyWithinMs: number;
  drainWithinMs: number;
  /** What asks it to stop; SIGTERM unless told. */
  stopSignal?: NodeJS.Signals;
}

interface ChildEvents {
  ready: [];
  gone: [Ending];
  /** A message over IPC, unparsed. */
  message: [unknown];
  /** A line of its log. stdout and stderr are for logs; the protocol has its own channel. */
  line: [source: 'stdout' | 'stderr', text: string];
}

const lastWordsMax = 12;

/** One child process from spawn to gone. A restart is a new Child, so late events of a dead one can't be taken for the living one's. */
export class Child extends EventEmitter<ChildEvents> {
  readonly name: string;
  #options: ChildOptions;
  #process: ChildProcess | null = null;
  #state: ChildState = { state: 'starting', since: Date.now() };
  /** What it said last on stderr: the reason of a bad start stands there. */
  #lastWords: string[] = [];

  constructor(options: ChildOptions) {
    super();
    this.name = options.name;
    this.#options = options;
  }

  get state(): ChildState {
    return this.#state;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Resolves when it is ready; rejects with the ending when it is gone before. */
  async start(): Promise<void> {
    const { command, args, env, cwd, ready, readyWithinMs } = this.#options;
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.#process = child;
    for (const source of ['stdout', 'stderr'] as const) {
      const stream = child[source];
      if (stream) {
        createInterface({ input: stream }).on('line', (text) => {
          if (source === 'stderr') this.#lastWords = [...this.#lastWords, text].slice(-lastWordsMax);
          this.emit('line', source, text);
        });
      }
    }
    const becameReady = new Promise<void>((resolve, reject) => {
      this.once('ready', resolve);
      this.once('gone', (ending) => reject(new Error(ending.message)));
    });
    child.on('message', (message: unknown) => {
      if (ready.by === 'message' && isReady(message)) this.#becomeReady();
      else this.emit('message', message);
    });
    child.once('error', (error) => this.#becomeGone(null, null, `${this.name} can't be started: ${error.message}`));
    child.once('close', (code, signal) => {
      if (ready.by === 'exit' && code === 0) this.#becomeReady();
      this.#becomeGone(code, signal, `${this.name} ended with ${signal ?? `exit code ${code}`}`);
    });
    if (ready.by === 'probe') void this.#probeUntilReady(ready);
    const deadline = setTimeout(() => {
      if (this.#state.state === 'starting') this.kill();
    }, readyWithinMs);
    try {
      await becameReady;
    } finally {
      clearTimeout(deadline);
    }
  }

  /** False when it is not there to take it. */
  send(message: object): boolean {
    if (!this.#process?.connected) return false;
    // What `send` returns is back-pressure, not failure: the message is on its way all the same.
    this.#process.send(message, () => {
      // The channel closed between the check and the write: `gone` tells it.
    });
    return true;
  }

  /** Asks it to stop, waits, kills after the deadline. May be called twice. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (!child || this.#state.state === 'gone') return;
    const gone = once(this, 'gone');
    if (this.#state.state !== 'draining') {
      this.#state = { state: 'draining', since: Date.now() };
      child.kill(this.#options.stopSignal ?? 'SIGTERM');
    }
    const late = await Promise.race([gone.then(() => false), sleep(this.#options.drainWithinMs, true, { ref: false })]);
    if (late) {
      this.kill();
      await gone;
    }
  }

  kill(): void {
    this.#process?.kill('SIGKILL');
  }

  async #probeUntilReady(ready: Extract<Readiness, { by: 'probe' }>): Promise<void> {
    while (this.#state.state === 'starting') {
      if (await ready.probe().catch(() => false)) this.#becomeReady();
      else await sleep(ready.everyMs, undefined, { ref: false });
    }
  }

  #becomeReady(): void {
    if (this.#state.state !== 'starting') return;
    this.#state = { state: 'ready', pid: this.#process?.pid ?? 0, since: Date.now() };
    this.emit('ready');
  }

  #becomeGone(code: number | null, signal: NodeJS.Signals | null, message: string): void {
    if (this.#state.state === 'gone') return;
    const kind = this.#endingKind(code);
    const reason = kind === 'badStart' && this.#lastWords.length > 0 ? `:\n${this.#lastWords.join('\n')}` : '';
    const ending: Ending = { kind, code, signal, message: `${message}${reason}` };
    this.#state = { state: 'gone', ending, since: Date.now() };
    this.emit('gone', ending);
  }

  #endingKind(code: number | null): Ending['kind'] {
    if (this.#state.state === 'draining') return 'asked';
    if (this.#options.ready.by === 'exit' && code === 0) return 'asked';
    return this.#state.state === 'starting' ? 'badStart' : 'fault';
  }
}

function isReady(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';
}
