/** A graphics context that is taken away, by a driver that begins anew or a phone that sleeps, and given back. */
export function followContext(
  canvas: HTMLCanvasElement,
  signal: AbortSignal,
  { onLost, onRestored }: { onLost: () => void; onRestored: () => void },
): void {
  canvas.addEventListener('webglcontextlost', onLost, { signal });
  canvas.addEventListener('webglcontextrestored', onRestored, { signal });
}
