import { readFileSync } from 'node:fs';

/** The pictures and sound of `fixtures/`, taken apart: what fake cameras send. Made with ffmpeg's testsrc2 and a sine. */

export interface FakeClip {
  width: number;
  height: number;
  /** Access units at 25 fps as NAL units without start codes; a key frame (with SPS and PPS) each second, the first one too. */
  pictures: Buffer[][];
}

export const fakeFps = 25;
export const fakeSampleRate = 48_000;
/** AudioSpecificConfig: AAC-LC, 48 kHz, mono. */
export const fakeAudioConfig = '1188';

export function loadFakeClip(width: 320 | 192, height: 180 | 144): FakeClip {
  const bytes = readFileSync(new URL(`fixtures/clip-${width}x${height}.h264`, import.meta.url));
  const pictures: Buffer[][] = [];
  for (const nal of splitAnnexB(bytes)) {
    const type = (nal[0] ?? 0) & 31;
    if (type === 9) pictures.push([]);
    // The encoder's own SEI holds its settings: nothing to send 25 times a second.
    else if (type !== 6) pictures.at(-1)?.push(nal);
  }
  return { width, height, pictures };
}

/** AAC access units of 1024 samples, without ADTS headers. */
export function loadFakeSound(): Buffer[] {
  const bytes = readFileSync(new URL('fixtures/clip-tone.aac', import.meta.url));
  const units: Buffer[] = [];
  for (let at = 0; at + 7 <= bytes.length;) {
    const length = (bytes.readUIntBE(at + 3, 3) >> 5) & 0x1fff;
    units.push(bytes.subarray(at + 7, at + length));
    at += length;
  }
  return units;
}

function splitAnnexB(bytes: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  const startCode = Buffer.from([0, 0, 1]);
  let start = bytes.indexOf(startCode) + 3;
  while (start >= 3) {
    const next = bytes.indexOf(startCode, start);
    const end = next < 0 ? bytes.length : bytes[next - 1] === 0 ? next - 1 : next;
    nals.push(bytes.subarray(start, end));
    start = next < 0 ? -1 : next + 3;
  }
  return nals;
}

/** SEI "user data unregistered" of ours: carries the frame's number through every hop that does not re-encode. */
const frameNumberId = Buffer.from('73656e736f7269756d2d6672616d6523', 'hex');

/** A SEI NAL unit; the number is written in hexadecimal letters, which need no emulation prevention. */
export function frameNumberNal(frame: number): Buffer {
  const text = Buffer.from(frame.toString(16).padStart(8, '0'), 'latin1');
  return Buffer.concat([
    Buffer.from([6, 5, frameNumberId.length + text.length]),
    frameNumberId,
    text,
    Buffer.from([0x80]),
  ]);
}

/** The numbers of all frames in `bytes` (an access unit, a chunk, a segment), in order. */
export function readFrameNumbers(bytes: Buffer): number[] {
  const numbers: number[] = [];
  for (let at = bytes.indexOf(frameNumberId); at >= 0; at = bytes.indexOf(frameNumberId, at + 1)) {
    const start = at + frameNumberId.length;
    numbers.push(Number.parseInt(bytes.toString('latin1', start, start + 8), 16));
  }
  return numbers;
}
