/**
 * Takes credentials out of a finished line, wherever they stand: `user:password@` of any URL, playback tokens in a path, tokens in a query.
 * Anchored on `://`, `/~` and the names, so that a long line costs one pass.
 */
export function scrub(line: string): string {
  return line
    .replaceAll(/:\/\/[^\s"\\/?#]*@/g, '://***@')
    .replaceAll(/\/~[^\s"\\/]+/g, '/~***')
    .replaceAll(/([?&](?:token|ticket|key|access_token|password)=)[^\s"\\&]+/gi, '$1***');
}
