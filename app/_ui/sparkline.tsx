/** A thin line of the last values, scaled to the highest of them; what it means is said by the number beside it. */
export function Sparkline({ values, length }: { values: readonly number[]; length: number }) {
  const top = Math.max(...values, 1) * 1.15;
  const points = values
    .map((value, index) => `${((length - values.length + index) / (length - 1)) * 100},${30 - (value / top) * 28}`)
    .join(' ');
  return (
    <svg viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true" className="h-8 w-full">
      <line
        x1="0"
        x2="100"
        y1="29.5"
        y2="29.5"
        className="stroke-line"
        strokeWidth="1"
        vectorEffect="non-scaling-stroke"
      />
      <polyline
        points={points}
        fill="none"
        className="stroke-quiet"
        strokeWidth="1.25"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
