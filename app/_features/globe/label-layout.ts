/** Which names fit on the screen without touching each other, and where beside their places. */

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface LabelSpot {
  id: string | number;
  width: number;
  height: number;
  /** Top left corners it may have, the best first. */
  corners: readonly { x: number; y: number }[];
  /** Less is more important. */
  rank: number;
  /** Which corner it has; null while it is not shown. Names that stand keep standing against new ones of about their importance. */
  standing: number | null;
}

const standingBonus = 2;
const gap = 3;

/** The chosen names, each with the index of its corner. */
export function arrangeLabels(
  spots: readonly LabelSpot[],
  blocked: readonly Box[],
  max: number,
): Map<string | number, number> {
  const worth = ({ rank, standing }: LabelSpot) => rank - (standing === null ? 0 : standingBonus);
  const taken: Box[] = [...blocked];
  const chosen = new Map<string | number, number>();
  for (const spot of spots.toSorted((a, b) => worth(a) - worth(b))) {
    if (chosen.size >= max) break;
    const { standing, width, height } = spot;
    const fits = (index: number) => {
      const corner = spot.corners[index];
      return corner !== undefined && !taken.some((box) => touches(box, { ...corner, width, height }));
    };
    const index = standing !== null && fits(standing) ? standing : spot.corners.findIndex((_, at) => fits(at));
    const corner = spot.corners[index];
    if (!corner) continue;
    taken.push({ ...corner, width, height });
    chosen.set(spot.id, index);
  }
  return chosen;
}

/** Which of these boxes, the most important first, stand clear of `blocked` and of each other. */
export function clearOfEachOther<One extends Box>(boxes: readonly One[], blocked: readonly Box[]): One[] {
  const taken: Box[] = [...blocked];
  return boxes.filter((box) => {
    if (taken.some((other) => overlaps(other, box))) return false;
    taken.push(box);
    return true;
  });
}

const overlaps = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const touches = (a: Box, b: Box) =>
  a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap;
