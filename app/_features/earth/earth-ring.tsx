/**
 * Where the globe will stand: its disc and the light of its air, so that nothing jumps when it comes. It does not move: where the main processor draws,
 * each of its pictures would stand before those that make the globe.
 */
export function EarthRing() {
  return (
    <div aria-hidden="true" className="absolute inset-0 flex items-center justify-center overflow-hidden">
      <div className="aspect-square h-[82vmin] rounded-pill border border-line bg-raised opacity-60 shadow-[0_0_120px_var(--line-strong)]" />
    </div>
  );
}
