export type SheetRest = 'half' | 'full';

type Release = {
  rest: SheetRest;
  movedPx: number;
  /** Pixels a millisecond at the end, downwards positive. */
  speed: number;
  height: number;
};

const flick = 0.4;

/** Where a sheet that was let go of comes to rest: a flick goes one step, else the nearer place. */
export function restAfter({ rest, movedPx, speed, height }: Release): SheetRest | 'closed' {
  if (Math.abs(movedPx) < 6) return rest;
  if (speed > flick) return rest === 'full' ? 'half' : 'closed';
  if (speed < -flick) return 'full';
  const top = (rest === 'half' ? 0.46 : 0) + movedPx / height;
  if (top > 0.73) return 'closed';
  return top > 0.23 ? 'half' : 'full';
}
