type Size = { width: number; height: number };
type Point = { x: number; y: number };
/** What may be covered: left, top, right, bottom in the same pixels as the point. */
export type Room = { left: number; top: number; right: number; bottom: number };

const gapPx = 18;

/** Where a card stands beside its point: right of it, else left, else above or below; always in the room, never over the point. */
export function cardPlace(point: Point, card: Size, room: Room): { left: number; top: number } {
  const within = (value: number, low: number, high: number) => Math.min(Math.max(value, low), Math.max(low, high));
  const top = within(point.y - card.height * 0.6, room.top, room.bottom - card.height);
  if (point.x + gapPx + card.width <= room.right) return { left: Math.max(room.left, point.x + gapPx), top };
  if (point.x - gapPx - card.width >= room.left) return { left: point.x - gapPx - card.width, top };
  const left = within(point.x - card.width / 2, room.left, room.right - card.width);
  const isAbove = point.y - gapPx - card.height >= room.top;
  return { left, top: isAbove ? point.y - gapPx - card.height : point.y + gapPx };
}
