import { setTimeout as sleep } from 'node:timers/promises';

import type { Logger } from 'pino';

import type { DoctorInput, DoctorReport } from '#server/contracts/doctor.ts';
import type { IngestAssignment } from '#server/contracts/sidecar.ts';

import type { AddressGuard } from '../guard/address-guard.ts';
import { openUntranscoded } from '../open-source.ts';
import { intervalSecondsDefault } from '../pictures/open-snapshot.ts';
import { SourceError } from '../source.ts';
import { advise } from './advice.ts';
import { DoctorSteps } from './doctor-steps.ts';
import { Examination } from './examination.ts';
import { pictureOf } from './key-picture.ts';
import { networkPlace } from './network-place.ts';

const readMs = 5000;
const totalMsMax = 15_000;

export interface DiagnoseOptions {
  guard: AddressGuard;
  log: Logger;
  signal: AbortSignal;
  dataDir: string;
}

/**
 * Resolves, connects, authenticates and reads a source for 5 s, and says what it saw. Never throws for a bad source; answers within 15 s.
 */
export async function diagnose(input: DoctorInput, options: DiagnoseOptions): Promise<DoctorReport> {
  const deadline = AbortSignal.timeout(totalMsMax - 500);
  const signal = AbortSignal.any([options.signal, deadline]);
  const steps = new DoctorSteps();
  const examination = new Examination();
  let fault: SourceError | null = null;
  try {
    await examine(input, { ...options, signal, deadline }, { steps, examination });
  } catch (error) {
    const late = deadline.aborted && !(error instanceof SourceError && error.code !== 'CLOSED');
    fault = late
      ? new SourceError('TIMED_OUT', 'it did not answer within the deadline', { retry: true, cause: error })
      : error instanceof SourceError
        ? error
        : new SourceError('INTERNAL', 'the examination failed', { retry: true, cause: error });
    if (fault.code === 'INTERNAL') {
      options.log.error(
        { action: 'doctor.failed', error: withoutSecrets(String(error), input.address) },
        'the doctor failed',
      );
    }
    steps.fail(fault.code);
  }
  return report({ input, steps, examination, fault });
}

async function examine(
  input: DoctorInput,
  options: DiagnoseOptions & { deadline: AbortSignal },
  { steps, examination }: { steps: DoctorSteps; examination: Examination },
): Promise<void> {
  const { guard, signal } = options;
  const address = input.address ?? '';
  if (address === '' && input.kind !== 'synthetic')
    throw new SourceError('ADDRESS_INVALID', 'no address was given', { retry: false });
  const place = networkPlace(input.kind, address);
  if (place) {
    await steps.run('resolve', () => guard.resolve(place.host, signal));
    if (place.port !== null) {
      const { port } = place;
      await steps.run('connect', async () => (await guard.connect(place.host, port, signal)).destroy());
    }
  }
  examination.begin();
  const closing = new AbortController();
  const source: IngestAssignment['source'] = {
    kind: input.kind,
    address,
    options: input.options ?? {},
    label: '',
    latitude: 0,
    longitude: 0,
    timeZone: 'UTC',
  };
  steps.begin(place ? 'authenticate' : 'read');
  const open = await openUntranscoded(source, {
    ...options,
    signal: AbortSignal.any([signal, closing.signal]),
    sink: (event) => examination.take(event),
  });
  try {
    steps.begin('read');
    const ended = open.done.then(
      () => null,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    // A snapshot is read for one picture, whatever its interval.
    const enough = sleep(input.kind === 'snapshot' ? 500 : readMs, 'enough' as const, { signal });
    enough.catch(() => {
      // The race below has told.
    });
    const outcome = await Promise.race([ended, enough]);
    // What broke after it was seen is told by the figures; what broke before is a fault.
    const hasFailed = outcome !== 'enough' && outcome !== null && !examination.hasPicture;
    if (hasFailed && !examination.isSoundOnly) throw outcome;
    if (!examination.hasPicture) throw new SourceError('NO_VIDEO', 'it opened, and no picture came', { retry: true });
    steps.end();
  } finally {
    examination.finish();
    closing.abort();
    await open.close();
  }
}

async function report(options: {
  input: DoctorInput;
  steps: DoctorSteps;
  examination: Examination;
  fault: SourceError | null;
}): Promise<DoctorReport> {
  const { input, examination } = options;
  const picture = await pictureOf(examination).catch(() => null);
  const forced = input.options?.transcode === true;
  const { intervalSeconds = intervalSecondsDefault } = input.options ?? {};
  const findings = examination.findings({
    forced,
    picture,
    intervalSeconds: input.kind === 'snapshot' ? intervalSeconds : null,
  });
  let { fault } = options;
  if (fault === null && findings.video && picture === null && examination.videoTrack?.codec !== 'av1') {
    fault = new SourceError('DATA_INVALID', 'its first picture does not decode', { retry: true });
  }
  return {
    outcome: fault === null ? 'ok' : 'failed',
    fault: fault && { code: fault.code, message: withoutSecrets(fault.message, input.address) },
    steps: options.steps.list(),
    ...findings,
    advice: fault === null ? advise({ ...examination.signs(), ...findings, kind: input.kind }) : [],
    picture: picture?.jpeg.toString('base64') ?? null,
  };
}

/** Whatever wrote the message, user, password and query stay here. */
export function withoutSecrets(message: string, address: string | undefined): string {
  const url = URL.parse(address ?? '');
  if (!url) return address ? message.replaceAll(address, '…') : message;
  const secrets = [url.href, url.password, url.username, url.search].flatMap((secret) => [secret, decoded(secret)]);
  return secrets
    .filter((secret) => secret.length > 1)
    .toSorted((a, b) => b.length - a.length)
    .reduce((text, secret) => text.replaceAll(secret, '…'), message);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A bare % stays as it is.
  }
}
