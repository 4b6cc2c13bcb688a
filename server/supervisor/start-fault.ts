/** A reason not to start, in words that say what to do. */
export class StartFault extends Error {
  override name = 'StartFault';
}
