/** The layers of the globe, one draw each, and what of them is still changing. */
import type { Scene, WebGLRenderer } from 'three';

import type { EarthItem } from '../../_lib/earth-surface.ts';
import { createBackdrop } from './backdrop.ts';
import { createClusters, clusterRadius } from './clusters.ts';
import { dot, type Vector } from './geodesy.ts';
import type { GlobeInput } from './globe-input.ts';
import { createHoverRing } from './hover-ring.ts';
import { createShared, showPose } from './layer.ts';
import { createLines } from './lines.ts';
import { createRings, createWedge, type Ring } from './marks.ts';
import { readPalette } from './palette.ts';
import { assetsUrl, firstWidth } from './planet-pictures.ts';
import { createPoints, pointSize } from './points.ts';
import type { Pose } from './pose.ts';
import type { QualityStep } from './quality.ts';
import { createStars } from './stars.ts';
import { createSurface, textureWidthFor } from './surface.ts';
import { createWords } from './words.ts';

export interface Stage {
  /** True where it takes a new picture to show it. */
  take: (input: GlobeInput, nowSeconds: number) => boolean;
  /** Prepares all layers for a frame. True while something goes on changing by itself. */
  frame: (frame: {
    pose: Pose;
    sun: Vector;
    pixelRatio: number;
    nowSeconds: number;
    elapsedMs: number;
    isMoving: boolean;
    hasMoved: boolean;
  }) => boolean;
  setQuality: (step: QualityStep, isPulsing: boolean) => void;
  /** True where it takes a new picture to show it. */
  setHovered: (item: EarthItem | null) => boolean;
  readonly pointRadius: number;
  readonly wantsPulse: boolean;
  readonly isShown: boolean;
  /** What the last picture took, where somebody waited for it. */
  tookMs: (ms: number) => void;
  /** What is drawn apart, before the rest. */
  readonly scenes: readonly Scene[];
  /** Resolves when the planet has its first picture, or none comes. */
  readonly pictured: Promise<void>;
  /** The first word to be written takes long: done before a frame waits for it. */
  prepareWords: () => void;
  dispose: () => void;
}

const revealMs = 700;
const ringMs = 160;
const linesEveryMs = 140;

export function createStage(
  renderer: WebGLRenderer,
  scene: Scene,
  element: Element,
  options: { isSoftware: boolean; onChange: () => void; onError: (error: unknown) => void },
): Stage {
  const shared = createShared();
  const palette = readPalette(element);
  const files = { baseUrl: assetsUrl, ...options };
  const surface = createSurface(renderer, shared, palette, files);
  const hoverRing = options.isSoftware ? createHoverRing(element) : null;
  const backdrop = options.isSoftware ? createBackdrop(renderer, shared, surface, options.onChange) : null;
  const stars = createStars(shared);
  const lines = createLines(shared, files);
  const wedge = createWedge(shared, palette);
  const points = createPoints(shared, palette);
  const clusters = createClusters(shared, palette, { hasGlow: !options.isSoftware });
  const words = createWords(shared, palette, element, () => {
    areWordsStale = true;
    options.onChange();
  });
  const rings = createRings(shared, palette);
  const ground = backdrop ?? surface;
  const layers = [ground, stars, lines, wedge, points, clusters, words, rings];
  for (const { object } of layers) scene.add(object);

  let input: GlobeInput | null = null;
  let hovered: EarthItem | null = null;
  let shown = 0;
  let hasFades = true;
  let textureWidthMax = firstWidth;
  let cssSize = 6;
  let linesAtMs = Number.NEGATIVE_INFINITY;
  let linesPose: Pose | null = null;
  let areLinesStale = true;
  let isGroundStale = true;
  let areWordsStale = true;
  let wordsRatio = 0;
  let come = { selected: 0, hovered: 0 };
  let ringKeys = { selected: '', hovered: '' };
  /** Where the selected camera was last seen: its point may have gone into a cluster. */
  let selected: (Ring & { id: string }) | null = null;

  const onFile = options.onChange;
  files.onChange = () => {
    areLinesStale = true;
    isGroundStale = true;
    onFile();
  };
  surface.want(firstWidth);

  const setRings = () => {
    if (!input) return;
    const { selectedId, points: all } = input;
    const found = selectedId === null ? undefined : all.find(({ id }) => id === selectedId);
    const fallback =
      selectedId !== null && input.wedge ? { id: selectedId, ...input.wedge, radius: cssSize / 2 } : null;
    if (found) selected = { id: found.id, latitude: found.latitude, longitude: found.longitude, radius: cssSize / 2 };
    else if (selected?.id !== selectedId) selected = fallback;
    const pointed = hovered ?? itemOf(input);
    const keys = { selected: selected?.id ?? '', hovered: pointed ? keyOf(pointed) : '' };
    if (keys.selected !== ringKeys.selected) come = { ...come, selected: 0 };
    if (keys.hovered !== ringKeys.hovered) come = { ...come, hovered: 0 };
    ringKeys = keys;
    const around = pointed && keys.hovered !== keys.selected ? ringOf(pointed, cssSize / 2) : null;
    hoverRing?.set(around);
    rings.set({ selected, hovered: hoverRing ? null : around });
  };

  const stepLines = (pose: Pose, isMoving: boolean): boolean => {
    const nowMs = performance.now();
    const isFar = !linesPose || isFarFrom(linesPose, pose);
    if (!isFar && !areLinesStale) return false;
    if (isMoving && nowMs - linesAtMs < linesEveryMs) return true;
    linesAtMs = nowMs;
    linesPose = pose;
    areLinesStale = false;
    lines.update(pose);
    return false;
  };

  return {
    get pointRadius() {
      return cssSize / 2;
    },
    get wantsPulse() {
      return points.hasLive && shared.hasPulse.value > 0;
    },
    scenes: backdrop ? [backdrop.scene] : [],
    pictured: surface.pictured,
    prepareWords: () => words.prepare(),
    get isShown() {
      return shown >= 1;
    },
    take(next, nowSeconds) {
      const before = input;
      input = next;
      if (before && differsInHoverOnly(before, next)) {
        setRings();
        return hoverRing === null;
      }
      points.set(next.points, nowSeconds);
      clusters.set(next.clusters, nowSeconds);
      words.set(next.labels, next.clusters, next.covers, next.formatCount);
      areWordsStale = true;
      wedge.set(next.wedge);
      setRings();
      return true;
    },
    tookMs(ms) {
      backdrop?.tookMs(ms);
    },
    setHovered(item) {
      hovered = item;
      backdrop?.giveWay();
      setRings();
      return hoverRing === null;
    },
    setQuality(step, isPulsing) {
      if (!backdrop) surface.setRich(step.isRich);
      shared.hasPulse.value = isPulsing ? 1 : 0;
      textureWidthMax = step.textureWidth;
      ({ hasFades } = step);
    },
    frame({ pose, sun, pixelRatio, nowSeconds, elapsedMs, isMoving, hasMoved }) {
      shared.now.value = nowSeconds;
      if (!backdrop) showPose(shared, pose, pixelRatio, sun);
      const isCut = input?.isReduced === true || !hasFades;
      if (surface.shownWidth > 0 && shown < 1) {
        shown = isCut ? 1 : Math.min(1, shown + elapsedMs / revealMs);
        surface.setShown(shown * shown * (3 - 2 * shown));
      }
      hoverRing?.place(pose);
      backdrop?.prepare({ pose, sun, pixelRatio }, hasMoved || isGroundStale, isMoving);
      isGroundStale = false;
      // The small picture is on the screen: now the one that this zoom deserves.
      if (shown >= 1 && !isMoving) surface.want(textureWidthFor(pose.view.zoom, pixelRatio, textureWidthMax));
      const size = pointSize(pose.view.zoom, input?.points.length ?? 0);
      if (Math.abs(size - cssSize) > 0.01) {
        cssSize = size;
        points.setSize(size);
        setRings();
      }
      wedge.update(pose);
      const areLinesLate = stepLines(pose, isMoving);
      if (hasMoved || areWordsStale || pixelRatio !== wordsRatio) {
        wordsRatio = pixelRatio;
        areWordsStale = words.update(pose, pixelRatio, elapsedMs, isCut);
      }
      const step = isCut ? 1 : elapsedMs / ringMs;
      come = { selected: Math.min(1, come.selected + step), hovered: Math.min(1, come.hovered + step) };
      rings.setCome(come.selected, come.hovered);
      return (
        areLinesLate ||
        areWordsStale ||
        (surface.shownWidth > 0 && shown < 1) ||
        nowSeconds < Math.max(points.busyUntil, clusters.busyUntil) ||
        (come.selected < 1 && ringKeys.selected !== '') ||
        (come.hovered < 1 && ringKeys.hovered !== '' && !hoverRing)
      );
    },
    dispose() {
      hoverRing?.dispose();
      if (backdrop) surface.dispose();
      for (const { object, dispose } of layers) {
        scene.remove(object);
        dispose();
      }
    },
  };
}

/** Nothing that stands on the planet: only what of it is pointed at. */
function differsInHoverOnly(before: GlobeInput, next: GlobeInput): boolean {
  const { hoverKey: _, ...rest } = next;
  return Object.entries(rest).every(([name, value]) => Reflect.get(before, name) === value);
}

const keyOf = (item: EarthItem) => (item.type === 'camera' ? item.point.id : String(item.cluster.id));

function itemOf({ hoverKey, points, clusters }: GlobeInput): EarthItem | null {
  if (hoverKey === null) return null;
  const point = points.find(({ id }) => id === hoverKey);
  if (point) return { type: 'camera', point };
  const cluster = clusters.find(({ id }) => String(id) === hoverKey);
  return cluster ? { type: 'cluster', cluster } : null;
}

function ringOf(item: EarthItem, pointRadius: number): Ring {
  const { latitude, longitude } = item.type === 'camera' ? item.point : item.cluster;
  return { latitude, longitude, radius: item.type === 'camera' ? pointRadius : clusterRadius(item.cluster.count) };
}

/** Enough that other lines may be wanted: a tenth of the window, or a sixth of a zoom step. */
function isFarFrom(before: Pose, now: Pose): boolean {
  const angle = Math.acos(Math.min(1, dot(before.target, now.target)));
  return angle > (now.range / now.focal) * 90 || Math.abs(before.view.zoom - now.view.zoom) > 0.16;
}
