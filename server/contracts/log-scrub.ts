/**
 * Takes credentials out of a finished line, wherever they stand: `user:password@` of any URL, playback tokens in a path, tokens in a query or a
 * header, our cookies, and whatever looks like a token of ours (API keys, refresh tokens, tickets, JWTs and JWEs).
 * Anchored on `://`, `/~`, the names and the beginnings, so that a long line costs one pass each.
 */
export function scrub(line: string): string {
  return line
    .replaceAll(/:\/\/[^\s"\\/?#]*@/g, '://***@')
    .replaceAll(/\/~[^\s"\\/]+/g, '/~***')
    .replaceAll(/([?&](?:token|ticket|key|code|access_token|refresh_token|password)=)[^\s"\\&]+/gi, '$1***')
    .replaceAll(/(\b(?:next-auth\.[a-z-]+|sensorium[.-][a-z-]+)=)[^\s"\\;,]+/gi, '$1***')
    .replaceAll(/(\bBearer )[^\s"\\]+/gi, '$1***')
    .replaceAll(/\b(sns_[a-z0-9]{8}|snr|snw)_[\w-]+/g, '$1_***')
    .replaceAll(/\beyJ[\w-]+(?:\.[\w-]*){2,4}/g, 'eyJ***');
}
