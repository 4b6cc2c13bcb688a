import { createWriteStream, existsSync, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

const fileBytesMax = 20 * 1024 * 1024;

interface LogFile {
  stream: WriteStream;
  bytes: number;
}

/** Keeps what the processes print in `DATA_DIR/logs/{process}.log`, two files of 20 MB each at most, and shows warnings and faults. */
export class ProcessLog {
  #folder: string;
  #show: (text: string) => void;
  #verbose: boolean;
  #files = new Map<string, LogFile>();

  constructor(options: { dataDir: string; verbose: boolean; show: (text: string) => void }) {
    this.#folder = join(options.dataDir, 'logs');
    this.#show = options.show;
    this.#verbose = options.verbose;
    mkdirSync(this.#folder, { recursive: true });
  }

  line(process: string, text: string): void {
    const file = this.#open(process);
    file.stream.write(`${text}\n`);
    file.bytes += text.length + 1;
    if (file.bytes > fileBytesMax) this.#rotate(process, file);
    if (this.#verbose || /"level":"(WARN|ERROR|FATAL)"/.test(text))
      this.#show(`${process.padEnd(8)} ${readable(text)}`);
  }

  #open(process: string): LogFile {
    const known = this.#files.get(process);
    if (known) return known;
    const path = this.#path(process);
    const stream = createWriteStream(path, { flags: 'a' });
    // The disk is full or the folder gone: the line is lost, the house is not.
    stream.on('error', () => this.#files.delete(process));
    const file = { stream, bytes: existsSync(path) ? statSync(path).size : 0 };
    this.#files.set(process, file);
    return file;
  }

  #rotate(process: string, file: LogFile): void {
    file.stream.end();
    try {
      renameSync(this.#path(process), `${this.#path(process)}.1`);
    } catch {
      // Somebody removed it: a new one is begun.
    }
    this.#files.delete(process);
  }

  #path(process: string): string {
    return join(this.#folder, `${process}.log`);
  }
}

/** A pino line in the words a person reads; anything else as it is. */
function readable(text: string): string {
  try {
    const entry: unknown = JSON.parse(text);
    if (typeof entry === 'object' && entry !== null && 'message' in entry && 'level' in entry) {
      const why = 'error' in entry ? wordsOf(entry.error) : '';
      return `${String(entry.level).toLowerCase()}: ${String(entry.message)}${why === '' ? '' : ` (${why})`}`;
    }
  } catch {
    // Not JSON: a program that is not ours.
  }
  return text;
}

/** Of an error as text, or as pino writes one. */
function wordsOf(error: unknown): string {
  if (typeof error === 'string') return error;
  const message: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'message') : '';
  return typeof message === 'string' ? (message.split('\n', 1)[0] ?? '') : '';
}
