/** Columns and rows for a number of tiles; with one in front, which takes four cells, room for it and the others. */
export function gridFor(count: number, hasFocus: boolean): { columns: number; rows: number } {
  const cells = hasFocus && count > 1 ? count + 3 : count;
  const columns = Math.ceil(Math.sqrt(cells));
  // Pictures are wide: the last row is the first to go.
  return { columns: Math.max(1, columns), rows: Math.max(1, Math.ceil(cells / Math.max(1, columns))) };
}

/** The place that an arrow key moves a tile to; null where it would leave the wall. */
export function placeAfterKey(key: string, index: number, { count, columns }: { count: number; columns: number }) {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -index,
    End: count - 1 - index,
  };
  const step = steps[key];
  if (step === undefined || step === 0) return null;
  const place = index + step;
  return place < 0 || place >= count ? null : place;
}
