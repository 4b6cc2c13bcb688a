/** Why there is no picture, in the words a viewer needs. */
export const failures = [
  'offline',
  'starting',
  'gone',
  'notFound',
  'noRecording',
  'forbidden',
  'codec',
  'decode',
  'network',
  'unsupported',
] as const;
export type Failure = (typeof failures)[number];

/** What a status of a playlist means; 0 is no answer at all. */
export function failureOfStatus(status: number, isPast: boolean): Failure {
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404) return isPast ? 'noRecording' : 'offline';
  if (status === 410) return 'gone';
  if (status === 503) return 'starting';
  return 'network';
}

/** Whether waiting can help; the others wait for the viewer. */
export const mendsItself = (failure: Failure): boolean =>
  failure === 'offline' || failure === 'starting' || failure === 'network' || failure === 'decode';
