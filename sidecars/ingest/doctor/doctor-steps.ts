import { doctorSteps, type DoctorReport, type SourceFault } from '#server/contracts/doctor.ts';

type Step = (typeof doctorSteps)[number];

/** At which step a fault shows itself, where it can show only there. */
const stepOfFault: Partial<Record<SourceFault, Step>> = {
  NAME_UNKNOWN: 'resolve',
  ADDRESS_FORBIDDEN: 'resolve',
  ADDRESS_INVALID: 'resolve',
  UNREACHABLE: 'connect',
  TLS_INVALID: 'connect',
  AUTH_REQUIRED: 'authenticate',
  AUTH_REFUSED: 'authenticate',
  NOT_FOUND: 'read',
  NO_VIDEO: 'read',
  CODEC_UNSUPPORTED: 'read',
  DATA_INVALID: 'read',
};

/** The four steps in order, with their times. A step not reached is skipped. */
export class DoctorSteps {
  private readonly outcomes = new Map<Step, { outcome: 'ok' | 'failed'; durationMs: number }>();
  private current: { step: Step; startedAt: number } | null = null;

  begin(step: Step): void {
    this.end();
    this.current = { step, startedAt: performance.now() };
  }

  end(): void {
    this.close('ok');
  }

  async run<Result>(step: Step, work: () => Promise<Result>): Promise<Result> {
    this.begin(step);
    const result = await work();
    this.end();
    return result;
  }

  fail(code: SourceFault): void {
    const step = stepOfFault[code];
    const { current } = this;
    // Opening does several steps at once: the fault says how far it came.
    if (current && step === 'read' && current.step === 'authenticate') this.begin('read');
    if (step && current && doctorSteps.indexOf(step) < doctorSteps.indexOf(current.step)) {
      this.current = null;
      this.outcomes.set(step, { outcome: 'failed', durationMs: performance.now() - current.startedAt });
      return;
    }
    if (this.current === null) this.begin(step ?? 'resolve');
    this.close('failed');
  }

  list(): DoctorReport['steps'] {
    return doctorSteps.map((step) => {
      const { outcome, durationMs } = this.outcomes.get(step) ?? { outcome: 'skipped' as const, durationMs: 0 };
      return { step, outcome, durationMs };
    });
  }

  private close(outcome: 'ok' | 'failed'): void {
    if (this.current === null) return;
    const { step, startedAt } = this.current;
    this.outcomes.set(step, { outcome, durationMs: Math.round(performance.now() - startedAt) });
    this.current = null;
  }
}
