/** What must outlive the segments themselves: the highest media sequence and run given out, and why older media is not there. */
import { closeSync, constants, fdatasync, openSync, readFileSync, write } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';

import { z } from 'zod';

import { storedSpan } from './index-line.ts';
import { replaceFile } from './replace-file.ts';

const slotBytes = 256;
const writeAt = promisify(write);
const syncData = promisify(fdatasync);

const sequenceMark = z.object({
  mediaSequence: z.int(),
  run: z.int(),
  /** Of the kernel's boot: a mark of another boot may be older than what was given out. */
  boot: z.string(),
});
export type SequenceMark = z.infer<typeof sequenceMark>;

/** Changes with each start of the machine; empty where the kernel tells none. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return ''; // Not Linux: every opening is taken for one of the same boot.
  }
}

/**
 * Two slots written in turn in one small file, so that a torn write leaves the other. It costs a write a segment and no fsync: a killed process
 * loses nothing, and after a power loss the margin covers what the page cache held.
 */
export class SequenceFile {
  readonly #fd: number;
  #slot = 0;
  readonly last: SequenceMark | null;

  constructor(dir: string) {
    const file = path.join(dir, 'sequence');
    const slots = readSlots(file);
    const marks = slots.filter((mark) => mark !== null);
    this.last = marks.toSorted((a, b) => a.mediaSequence - b.mediaSequence || a.run - b.run).at(-1) ?? null;
    this.#slot = this.last !== null && slots[0] === this.last ? 1 : 0;
    this.#fd = openSync(file, constants.O_RDWR | constants.O_CREAT);
  }

  async write(mark: SequenceMark): Promise<void> {
    const json = JSON.stringify(mark).padEnd(slotBytes - 10);
    const text = `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
    await writeAt(this.#fd, Buffer.from(text), 0, slotBytes, this.#slot * slotBytes);
    this.#slot = 1 - this.#slot;
  }

  sync(): Promise<void> {
    return syncData(this.#fd);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function readSlots(file: string): (SequenceMark | null)[] {
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch {
    return []; // The stream's first opening.
  }
  return [0, 1].map((slot) => readSlot(text.slice(slot * slotBytes, (slot + 1) * slotBytes - 1)));
}

function readSlot(slot: string): SequenceMark | null {
  const json = slot.slice(9);
  if (json.length === 0 || crc32(json) !== Number.parseInt(slot.slice(0, 8), 16)) return null;
  return sequenceMark.safeParse(JSON.parse(json)).data ?? null;
}

const logNotes = z.object({
  /** What retention took, in order. */
  evicted: z.array(storedSpan),
  /** Recording stands still since then, for this reason. */
  hole: z.object({ fromMs: z.number(), kind: z.enum(['dropped', 'off']) }).nullable(),
});
export type LogNotes = z.infer<typeof logNotes>;

const notesName = 'notes.json';

export async function readNotes(dir: string): Promise<LogNotes> {
  try {
    return logNotes.parse(JSON.parse(await readFile(path.join(dir, notesName), 'utf8')));
  } catch {
    return { evicted: [], hole: null }; // None yet, or lost: only reasons of holes are in it, no media.
  }
}

export async function writeNotes(dir: string, notes: LogNotes): Promise<void> {
  await replaceFile(path.join(dir, notesName), JSON.stringify(notes));
}
