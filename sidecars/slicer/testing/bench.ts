import type { SlicerAssignment } from '#server/contracts/sidecar.ts';

import type { FixtureTrack } from './fixture-media.ts';
import { anAssignment, removeData, startSlicer, type SlicerUnderTest } from './slicer-under-test.ts';
import { TestWriter } from './test-writer.ts';

/** Slicers and writers of one test, let go together. */
export class Bench {
  readonly #running: SlicerUnderTest[] = [];
  readonly #writers: TestWriter[] = [];

  /** `dataDir`: of one before it, to go on where that left off. */
  async slicer(dataDir?: string): Promise<SlicerUnderTest> {
    const slicer = await startSlicer(dataDir ? { dataDir } : {});
    this.#running.push(slicer);
    return slicer;
  }

  async stream(over: Parameters<typeof anAssignment>[0] = {}) {
    const slicer = await this.slicer();
    const assignment = anAssignment(over);
    slicer.slicer.message({ type: 'slice', full: true, streams: [assignment] });
    return { slicer, assignment, base: `${slicer.url}/media/${assignment.streamId}` };
  }

  async writer(
    to: { slicer: SlicerUnderTest; assignment: SlicerAssignment },
    tracks: FixtureTrack[],
    epoch = 1,
  ): Promise<TestWriter> {
    const { streamId, epochMs } = to.assignment;
    const writer = await TestWriter.connect(to.slicer.url, streamId, { epoch, tracks, epochMs });
    this.#writers.push(writer);
    return writer;
  }

  async clear(): Promise<void> {
    for (const writer of this.#writers.splice(0)) writer.stop();
    for (const slicer of this.#running) await slicer.close();
    for (const slicer of this.#running.splice(0)) await removeData(slicer.dataDir);
  }
}
