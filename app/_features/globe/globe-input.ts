import type { EarthCluster, EarthPoint } from '#server/contracts/earth.ts';

import type { Cover, EarthItem, Inset, SurfacePoint, SurfaceView, Wedge } from '../../_lib/earth-surface.ts';
import type { GlobeLabel } from './label-place.ts';

/** What the globe shows; taken whole at every change, compared by identity. */
export interface GlobeInput {
  points: readonly EarthPoint[];
  clusters: readonly EarthCluster[];
  labels: readonly GlobeLabel[];
  formatCount: (count: number) => string;
  /** The moment that the sun stands for. Read as often as it may have moved. */
  timeMs: () => number;
  selectedId: string | null;
  hoverKey: string | null;
  wedge: Wedge | null;
  inset: Inset;
  covers: readonly Cover[];
  isReduced: boolean;
  mayTurnIdly: boolean;
  /** Something beside it needs the machine more. */
  isYielding: boolean;
  /** A step of `qualitySteps` to stay at; else chosen by measured frame time. */
  quality?: number | undefined;
}

/** Measured at each drawn frame. */
export interface GlobeStats {
  drawCalls: number;
  jsMsPerFrame: number;
  /** What the picture before took after that, where the main processor drew it; null where nobody waited for it. */
  drawMs: number | null;
  points: number;
  pixelRatio: number;
  /** A step of `qualitySteps`; one beyond them where the main processor draws. */
  quality: number;
  pickMs: number;
  textures: number;
  geometries: number;
}

export interface GlobeEvents {
  onView: (view: SurfaceView & { isMoving: boolean }) => void;
  onHover: (item: EarthItem | null, at: SurfacePoint | null) => void;
  onSelect: (item: EarthItem) => void;
  onBackground?: (() => void) | undefined;
  onQuality?: ((step: number) => void) | undefined;
  onLost?: (() => void) | undefined;
  onRestored?: (() => void) | undefined;
  /** The browser gave no context: nothing will ever be drawn here. */
  onUnable?: ((error: unknown) => void) | undefined;
  /** A picture or a file of lines did not come: the globe goes on without. */
  onError?: ((error: unknown) => void) | undefined;
  probe?: ((stats: GlobeStats) => void) | undefined;
}
