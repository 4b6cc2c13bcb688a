import { expect, test } from 'vitest';

import { createSealer } from './sealed.ts';

const sealer = createSealer('0123456789abcdef');

test('opens what it sealed, and two seals of the same differ', () => {
  const [one, two] = [sealer.seal('rtsp://u:p@h/', 'camera 1'), sealer.seal('rtsp://u:p@h/', 'camera 1')];
  expect(sealer.open(one, 'camera 1')).toBe('rtsp://u:p@h/');
  expect(Buffer.from(one).equals(two)).toBe(false);
  expect(Buffer.from(one).toString('latin1')).not.toContain('rtsp');
});

test('refuses another key, another owner, another version and any changed byte', () => {
  const sealed = sealer.seal('secret', 'camera 1');
  expect(() => createSealer('fedcba9876543210').open(sealed, 'camera 1')).toThrow(/authenticate|damaged/);
  expect(() => sealer.open(sealed, 'camera 2')).toThrow(/authenticate/);
  for (const index of sealed.keys()) {
    const damaged = Uint8Array.from(sealed);
    damaged[index] = (damaged[index] ?? 0) ^ 1;
    expect(() => sealer.open(damaged, 'camera 1')).toThrow(/authenticate|damaged/);
  }
  expect(() => sealer.open(sealed.subarray(0, 10), 'camera 1')).toThrow(/damaged/);
});
