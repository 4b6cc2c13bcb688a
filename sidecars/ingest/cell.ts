import type { Logger } from 'pino';

import type { DoctorInput, DoctorReport } from '#server/contracts/doctor.ts';
import type { StreamId } from '#server/contracts/ids.ts';
import type { IngestAssignment } from '#server/contracts/sidecar.ts';

import { toCell, type CellCounters, type FromCell, type PullEnding, type ToCell } from './cell-protocol.ts';
import { Pull, type PullOptions } from './pull.ts';

export interface CellParts {
  log: Logger;
  openSource: (log: Logger) => PullOptions['openSource'];
  createPackager: (log: Logger) => PullOptions['createPackager'];
  diagnose: (input: DoctorInput, signal: AbortSignal) => Promise<DoctorReport>;
}

const heartbeatMs = 1000;
/** Threads that hang in a read can't be taken back; a cell that lost this many is better begun anew. */
const leaksMax = 3;

/** The inside of the child that holds sources: one `Pull` each, told what to do over IPC, gone as soon as its parent is. */
export function runCell({ log, openSource, createPackager, diagnose }: CellParts): void {
  const pulls = new Map<StreamId, Pull>();
  /** Of pulls that are gone, so that the sums only grow. */
  const retired = { droppedRecords: 0, reconnects: 0 };
  let leaks = 0;

  const startPull = (assignment: IngestAssignment): Pull => {
    const { streamId } = assignment;
    const pullLog = log.child({ streamId });
    return new Pull({
      assignment,
      log: pullLog,
      openSource: openSource(pullLog),
      createPackager: createPackager(pullLog),
      report: send,
      onFenced: (epoch) => {
        void release(streamId, 'outage').then(() => send({ type: 'fenced', streamId, epoch }));
      },
      onLeak: () => {
        leaks += 1;
        if (pulls.size <= 1 || leaks >= leaksMax) exit(70);
      },
    });
  };

  const release = async (streamId: StreamId, ending: PullEnding): Promise<void> => {
    const pull = pulls.get(streamId);
    if (!pull) return;
    await pull.release(ending);
    if (pulls.get(streamId) !== pull) return;
    const { droppedRecords, reconnects } = pull.counters;
    retired.droppedRecords += droppedRecords;
    retired.reconnects += reconnects;
    pulls.delete(streamId);
  };

  const sumCounters = (): CellCounters => {
    const sum = { ...retired, unacknowledgedBytes: 0 };
    for (const { counters } of pulls.values()) {
      sum.droppedRecords += counters.droppedRecords;
      sum.reconnects += counters.reconnects;
      sum.unacknowledgedBytes += counters.unacknowledgedBytes;
    }
    return sum;
  };

  const handle = async (message: ToCell): Promise<void> => {
    switch (message.type) {
      case 'pull': {
        const { assignment } = message;
        const pull = pulls.get(assignment.streamId);
        if (pull) pull.update(assignment);
        else pulls.set(assignment.streamId, startPull(assignment));
        return;
      }
      case 'release':
        await release(message.streamId, message.ending);
        return send({ type: 'released', streamId: message.streamId });
      case 'diagnose': {
        const report = await diagnose(message.input, AbortSignal.timeout(message.deadlineMs));
        return send({ type: 'diagnosed', report });
      }
    }
  };

  process.on('message', (raw) => {
    const message = toCell.safeParse(raw);
    if (!message.success) {
      // Paths of the issues only: their text may hold an address.
      const paths = message.error.issues.slice(0, 3).map((issue) => issue.path.join('.'));
      return log.error({ action: 'cell.invalid', paths }, 'message to the cell does not parse');
    }
    handle(message.data).catch((error: unknown) => {
      log.error({ action: 'cell.failed', type: message.data.type, error: String(error) }, 'could not do as told');
      // Whoever waits for the answer learns it from the end of this process.
      exit(70);
    });
  });
  // Nobody counts what a cell without its parent would read.
  process.once('disconnect', () => exit(0));
  process.once('SIGTERM', () => {
    void Promise.allSettled([...pulls.keys()].map((streamId) => release(streamId, 'outage'))).then(() => exit(0));
  });
  // Ctrl-C reaches the whole group; the parent decides the order in which it stops.
  process.on('SIGINT', () => log.debug({ action: 'cell.sigint' }, 'left to the parent'));

  let isBeatSent = true;
  setInterval(() => {
    // A parent that does not read gets one heartbeat, not a queue of them.
    if (!isBeatSent) return;
    isBeatSent = false;
    const beat: FromCell = { type: 'heartbeat', counters: sumCounters() };
    process.send?.(beat, () => {
      isBeatSent = true;
    });
  }, heartbeatMs);
  process.send?.({ type: 'ready' });
}

function send(message: FromCell): void {
  process.send?.(message);
}

/** Native reads hold the loop open, and this process owns nothing that must be saved. */
function exit(code: number): never {
  process.exit(code);
}
