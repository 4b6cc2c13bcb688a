import type { RecordHeader } from '#server/contracts/log-record.ts';

import type { LogRun } from './disk/segment.ts';

/** Somebody who is given every record as it arrives. */
export interface RecordSink {
  record: (record: Buffer, header: RecordHeader) => void;
  run: (run: LogRun) => void;
  /** The stream is let go. */
  close: () => void;
}

/** Everybody who reads a stream's records along with its log. */
export class RecordSinks extends Set<RecordSink> {
  run(run: LogRun): void {
    for (const sink of this) sink.run(run);
  }

  record(record: Buffer, header: RecordHeader): void {
    for (const sink of this) sink.record(record, header);
  }

  close(): void {
    for (const sink of this) sink.close();
    this.clear();
  }
}
