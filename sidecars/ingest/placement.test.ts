import { describe, expect, it } from 'vitest';

import { streamId } from '#server/contracts/ids.ts';
import type { IngestAssignment } from '#server/contracts/sidecar.ts';

import { threadPoolSize } from './cell-process.ts';
import { chooseCell, Probation } from './placement.ts';

const probationMs = 600_000;
const id = streamId.parse('019aa000-0000-7000-8000-000000000001');

function aSource(over: Partial<IngestAssignment['source']> = {}): IngestAssignment['source'] {
  return {
    kind: 'rtsp',
    address: 'rtsp://cam/1',
    options: {},
    label: 'cam',
    latitude: 0,
    longitude: 0,
    timeZone: 'UTC',
    ...over,
  };
}

describe('probation', () => {
  it('keeps a new camera alone until it was clean for ten minutes', () => {
    const probation = new Probation({ probationMs, secret: 'test' });
    probation.noteSource(id, aSource(), 0);
    expect(probation.mayShare(id, probationMs - 1)).toBe(false);
    expect(probation.mayShare(id, probationMs)).toBe(true);
  });

  it('lets drawn pictures and local files share from the start', () => {
    const probation = new Probation({ probationMs, secret: 'test' });
    probation.noteSource(id, aSource({ kind: 'synthetic', address: '' }), 0);
    expect(probation.mayShare(id, 0)).toBe(true);
  });

  it('takes a camera with another address, options or password for a stranger, a renamed one not', () => {
    const probation = new Probation({ probationMs, secret: 'test' });
    probation.noteSource(id, aSource(), 0);
    expect(probation.noteSource(id, aSource({ label: 'renamed' }), probationMs)).toBe(false);
    expect(probation.mayShare(id, probationMs)).toBe(true);
    expect(probation.noteSource(id, aSource({ address: 'rtsp://u:p@cam/1' }), probationMs)).toBe(true);
    expect(probation.mayShare(id, probationMs)).toBe(false);
    expect(probation.noteSource(id, aSource({ address: 'rtsp://u:p@cam/1', options: { transport: 'udp' } }), 0)).toBe(
      true,
    );
  });

  it('knows a picture whose address is new each time by its stream and host', () => {
    const probation = new Probation({ probationMs, secret: 'test' });
    const at = (address: string, over: Partial<IngestAssignment['source']> = {}) =>
      aSource({ kind: 'snapshot', addressMoves: true, address, ...over });
    probation.noteSource(id, at('https://pictures.example/2024/05/a.jpg'), 0);
    expect(probation.noteSource(id, at('https://pictures.example/2024/06/b.jpg'), 1)).toBe(false);
    expect(probation.mayShare(id, probationMs)).toBe(true);
    expect(probation.noteSource(id, at('https://elsewhere.example/b.jpg'), 2)).toBe(true);
    expect(
      probation.noteSource(id, at('https://elsewhere.example/b.jpg', { options: { intervalSeconds: 9 } }), 3),
    ).toBe(true);
  });

  it('keeps whatever was in a cell that crashed alone, a drawn picture too', () => {
    const probation = new Probation({ probationMs, secret: 'test' });
    probation.noteSource(id, aSource({ kind: 'synthetic' }), 0);
    probation.noteCrash(id, 1000);
    expect(probation.mayShare(id, probationMs)).toBe(false);
    expect(probation.mayShare(id, probationMs + 1000)).toBe(true);
  });

  it('trusts what was clean when the node ran last, unless it is another source', () => {
    const other = streamId.parse('019aa000-0000-7000-8000-000000000002');
    const before = new Probation({ probationMs, secret: 'test' });
    before.noteSource(id, aSource(), 0);
    before.noteSource(other, aSource(), 1);
    const trusted = before.trusted(probationMs);
    expect([...trusted.keys()]).toEqual([id]);
    expect([...trusted.values()].join(' ')).not.toContain('rtsp');
    const same = new Probation({ probationMs, secret: 'test', trusted });
    same.noteSource(id, aSource(), 0);
    expect(same.mayShare(id, 0)).toBe(true);
    const changed = new Probation({ probationMs, secret: 'test', trusted });
    changed.noteSource(id, aSource({ address: 'rtsp://cam/2' }), 0);
    expect(changed.mayShare(id, 0)).toBe(false);
  });

  it('waits longer with each crash, never over 30 s, and begins anew after a clean time', () => {
    const probation = new Probation({ probationMs, secret: 'test' });
    probation.noteSource(id, aSource(), 0);
    const waits = Array.from({ length: 20 }, (_, crash) => probation.noteCrash(id, crash * 1000));
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
    expect(Math.max(...waits.slice(10))).toBeGreaterThan(5000);
    expect(probation.noteCrash(id, probationMs * 2)).toBeLessThanOrEqual(2000);
  });
});

describe('choosing a cell', () => {
  const room = (sources: number, over = {}) => ({ capacity: 16, sources, accepting: true, ...over });

  it('takes the fullest shared cell with room', () => {
    const fullest = room(15);
    expect(chooseCell([room(3), fullest, room(16)])).toBe(fullest);
  });

  it('wants a new one when all are full, alone or going away', () => {
    expect(chooseCell([room(16), room(0, { capacity: 1 }), room(2, { accepting: false })])).toBeUndefined();
  });

  it('gives each blocking read of a cell its thread', () => {
    expect([threadPoolSize(1), threadPoolSize(16)]).toEqual([10, 40]);
  });
});
