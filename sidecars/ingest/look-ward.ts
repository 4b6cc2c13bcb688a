import type { SourceFault } from '#server/contracts/doctor.ts';
import { looksAtOnce, type LookReport } from '#server/contracts/look.ts';
import type { IngestAssignment } from '#server/contracts/sidecar.ts';
import type { Child } from '#server/supervisor/child.ts';

import { lookAnswer, type LookAsk } from './look-protocol.ts';

export interface LookWard {
  /** Always answers, within 12 s. */
  look: (source: IngestAssignment['source']) => Promise<LookReport>;
  close: () => Promise<void>;
}

/** A look ends in 10 s; a child that says nothing by then hangs. */
const answerMsMax = 11_500;
/** Nobody looks: the memory is given back. */
const idleMs = 60_000;
/** Decoders of strangers' pictures leak now and then. */
const looksAChildMax = 1000;

interface Looker {
  child: Child;
  started: Promise<void>;
  taken: number;
  inHand: Map<number, (report: LookReport) => void>;
  retired: boolean;
}

/** Takes looks in one child that several share, begun with the first and gone when there is nothing to look at. */
export function createLookWard(options: { createChild: () => Child; writeLine: (text: string) => void }): LookWard {
  const lookers = new Set<Looker>();
  let current: Looker | null = null;
  let names = 0;
  let inHand = 0;
  let idle: NodeJS.Timeout | undefined;
  let isClosed = false;

  const retire = (looker: Looker) => {
    looker.retired = true;
    if (current === looker) current = null;
    if (looker.inHand.size === 0) void looker.child.stop();
  };

  const begin = (): Looker => {
    const child = options.createChild();
    child.on('line', (_source, text) => options.writeLine(text));
    const started = child.start().catch(() => {
      // `gone` tells whoever waits.
    });
    const looker: Looker = { child, started, taken: 0, inHand: new Map(), retired: false };
    child.on('message', (raw) => {
      const answer = lookAnswer.safeParse(raw).data;
      if (answer) looker.inHand.get(answer.id)?.(answer.report);
    });
    child.once('gone', () => {
      lookers.delete(looker);
      if (current === looker) current = null;
      for (const settle of looker.inHand.values()) settle(failed('INTERNAL'));
    });
    lookers.add(looker);
    return looker;
  };

  const look = async (source: IngestAssignment['source']): Promise<LookReport> => {
    clearTimeout(idle);
    current ??= begin();
    const looker = current;
    names += 1;
    const ask: LookAsk = { id: names, source };
    looker.taken += 1;
    if (looker.taken >= looksAChildMax) retire(looker);
    const { promise, resolve } = Promise.withResolvers<LookReport>();
    looker.inHand.set(ask.id, resolve);
    const late = setTimeout(() => {
      resolve(failed('TIMED_OUT'));
      looker.child.kill();
    }, answerMsMax);
    await looker.started;
    looker.child.send(ask);
    const report = await promise;
    clearTimeout(late);
    looker.inHand.delete(ask.id);
    if (looker.retired && looker.inHand.size === 0) void looker.child.stop();
    return report;
  };

  return {
    look: async (source) => {
      // The gateway keeps count as well; one that has just begun anew may not know of looks in hand.
      if (isClosed || inHand >= looksAtOnce) return failed('BUSY');
      inHand += 1;
      try {
        return await look(source);
      } finally {
        inHand -= 1;
        if (inHand === 0) {
          clearTimeout(idle);
          idle = setTimeout(() => current && retire(current), idleMs).unref();
        }
      }
    },
    close: async () => {
      isClosed = true;
      clearTimeout(idle);
      await Promise.all([...lookers].map(({ child }) => child.stop()));
    },
  };
}

function failed(fault: SourceFault): LookReport {
  return {
    ok: false,
    frameTime: null,
    hash: null,
    bytes: 0,
    ms: 0,
    width: null,
    height: null,
    thumbnail: null,
    fault,
  };
}
