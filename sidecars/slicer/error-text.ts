import { errorStatus, type ErrorBody, type ErrorCode } from '#server/contracts/error-code.ts';

const codeOfStatus = new Map<number, string>([
  ...Object.entries(errorStatus).map(([code, status]): [number, string] => [status, code]),
  // Not for outside clients: a writer that came to the wrong node.
  [421, 'MISDIRECTED'],
]);

/** The error body as text. */
export function errorText(status: number, message: string, details: Record<string, unknown> = {}): string {
  const code = codeOfStatus.get(status) ?? ('INTERNAL' satisfies ErrorCode);
  return JSON.stringify({ error: { code, message, details, timestamp: new Date().toISOString() } } satisfies ErrorBody);
}
