import { setTimeout as sleep } from 'node:timers/promises';

import type { SourceFault, DoctorInput, DoctorReport } from '#server/contracts/doctor.ts';
import type { Child } from '#server/supervisor/child.ts';

import { fromCell, type ToCell } from './cell-protocol.ts';

/** The gateway wants an answer within 20 s; the start of the child and the way back are in it. */
const answerMsMax = 19_000;
const readingMsMax = 16_500;
const examinationsMax = 4;

export interface DoctorWard {
  /** Always answers, within 19 s. */
  examine: (input: DoctorInput) => Promise<DoctorReport>;
}

/** Examines strangers, each in a child of its own: what breaks a demuxer breaks no stream. */
export function createDoctorWard(options: { createChild: () => Child; writeLine: (text: string) => void }): DoctorWard {
  let inHand = 0;

  const examineInChild = async (child: Child, input: DoctorInput): Promise<DoctorReport> => {
    const { promise, resolve } = Promise.withResolvers<DoctorReport>();
    child.on('line', (_source, text) => options.writeLine(text));
    child.on('message', (raw) => {
      const message = fromCell.safeParse(raw).data;
      if (message?.type === 'diagnosed') resolve(message.report);
    });
    child.once('gone', (ending) => resolve(failedReport('INTERNAL', ending.message)));
    const giveUp = new AbortController();
    void sleep(answerMsMax, undefined, { signal: giveUp.signal, ref: false })
      .then(() => resolve(failedReport('TIMED_OUT', `no result within ${answerMsMax / 1000} s`)))
      .catch(() => undefined); // Answered in time.
    await child.start().catch(() => undefined); // `gone` has told why.
    child.send({ type: 'diagnose', input, deadlineMs: readingMsMax } satisfies ToCell);
    const report = await promise;
    giveUp.abort();
    child.kill();
    return report;
  };

  return {
    examine: async (input) => {
      if (inHand >= examinationsMax)
        return failedReport('INTERNAL', `${examinationsMax} examinations are under way; try again in a moment`);
      inHand += 1;
      try {
        return await examineInChild(options.createChild(), input);
      } finally {
        inHand -= 1;
      }
    },
  };
}

function failedReport(code: SourceFault, message: string): DoctorReport {
  return {
    outcome: 'failed',
    fault: { code, message },
    steps: [],
    video: null,
    audio: null,
    clock: 'arrival',
    clockOffsetMs: null,
    bitrate: null,
    firstFrameMs: null,
    readSeconds: 0,
    advice: [],
    picture: null,
  };
}
