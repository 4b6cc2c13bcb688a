/** The ring around what is pointed at as an element over the canvas: where the main processor draws, no picture has to be made anew for it. */
import { toVector } from './geodesy.ts';
import type { Ring } from './marks.ts';
import { screenOf, type Pose } from './pose.ts';

interface HoverRing {
  set: (ring: Ring | null) => void;
  place: (pose: Pose) => void;
  dispose: () => void;
}

/** As the ring that is drawn stands off. */
const gap = 3.5;

export function createHoverRing(box: Element): HoverRing {
  const element = document.createElement('div');
  element.className = 'pointer-events-none absolute top-0 left-0 hidden rounded-pill border border-text shadow-overlay';
  box.append(element);
  let shown: Ring | null = null;
  let seen: Pose | null = null;
  const draw = () => {
    const at = shown && seen ? screenOf(seen, toVector(shown)) : null;
    element.style.display = at ? 'block' : 'none';
    if (!shown || !at) return;
    const radius = shown.radius + gap;
    element.style.width = element.style.height = `${(radius * 2).toFixed(1)}px`;
    element.style.transform = `translate(${(at.x - radius).toFixed(1)}px, ${(at.y - radius).toFixed(1)}px)`;
  };
  return {
    set(ring) {
      shown = ring;
      draw();
    },
    place(pose) {
      seen = pose;
      if (shown) draw();
    },
    dispose() {
      element.remove();
    },
  };
}
