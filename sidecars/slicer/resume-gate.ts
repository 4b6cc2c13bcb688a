import type { LogRun } from './disk/segment.ts';
import { isSameRun, type ResumePoint } from './restore-window.ts';

/** What becomes of a chunk of the leading track after a restart. */
type Passage =
  /** Seen before the restart, or nothing that a decoder can begin with. */
  | { passes: false }
  /** `resumes`: exactly where the disk ended that run, which goes on as if nothing had been. */
  | { passes: true; resumes: LogRun | null };

/** After a restart: closed until a chunk comes that the log can go on with. */
export class ResumeGate {
  #point: ResumePoint | null = null;

  get isClosed(): boolean {
    return this.#point !== null;
  }

  set(point: ResumePoint | null): void {
    this.#point = point;
  }

  pass(run: LogRun | null, chunk: { tfdt: number; key: boolean }): Passage {
    const point = this.#point;
    if (!point) return { passes: true, resumes: null };
    const isSame = run !== null && isSameRun(point.run, run);
    if (isSame && chunk.tfdt < point.end) return { passes: false };
    const continues = isSame && chunk.tfdt === point.end;
    if (!continues && !chunk.key) return { passes: false };
    this.#point = null;
    return { passes: true, resumes: continues ? point.run : null };
  }
}
