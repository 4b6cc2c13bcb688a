/** Why a camera is shown to nobody: its row keeps every reason that stands, the latest first, apart by blanks. */
const reasonsOf = (kept: string | null): string[] => kept?.split(' ').filter((reason) => reason !== '') ?? [];

/** The reason that is told of: the latest. */
export function latestReason(kept: string | null): string | null {
  return reasonsOf(kept)[0] ?? null;
}

export function hasReason(kept: string | null, reason: string): boolean {
  return reasonsOf(kept).includes(reason);
}

/** What stood before stays underneath. */
export function withReason(kept: string | null, reason: string): string {
  return [reason, ...reasonsOf(kept).filter((other) => other !== reason)].join(' ');
}

/** Null where no other reason stands. */
export function withoutReason(kept: string | null, reason: string): string | null {
  return (
    reasonsOf(kept)
      .filter((other) => other !== reason)
      .join(' ') || null
  );
}
