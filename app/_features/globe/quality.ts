/** Steps of picture quality, chosen by measured time between frames while the globe moves. */

export interface QualityStep {
  /** Device pixels per CSS pixel, at most. */
  pixelRatioMax: number;
  textureWidth: 1024 | 2048 | 4096;
  /** Relief, glow of the lights, and other things that are only beautiful. */
  isRich: boolean;
  hasPulse: boolean;
  /** Things come and go by fading, and the planet turns when nobody touches it: a frame for each step of that. */
  hasFades: boolean;
}

export const qualitySteps = [
  { pixelRatioMax: 2, textureWidth: 4096, isRich: true, hasPulse: true, hasFades: true },
  { pixelRatioMax: 1.5, textureWidth: 4096, isRich: true, hasPulse: true, hasFades: true },
  { pixelRatioMax: 1, textureWidth: 4096, isRich: true, hasPulse: true, hasFades: true },
  { pixelRatioMax: 0.75, textureWidth: 2048, isRich: true, hasPulse: true, hasFades: true },
  { pixelRatioMax: 0.75, textureWidth: 1024, isRich: false, hasPulse: false, hasFades: true },
  { pixelRatioMax: 0.5, textureWidth: 1024, isRich: false, hasPulse: false, hasFades: false },
] as const satisfies readonly QualityStep[];

export interface Quality {
  step: number;
  sum: number;
  frames: number;
  /** When frames began to be quick without a break. */
  quickSinceMs: number | null;
  /** How long they must be so before the next step up: doubled each time a step up was too much. */
  patienceMs: number;
  steppedUpAtMs: number;
}

const framesPerVerdict = 10;
/** Frames far too slow are not waited for so long. */
const verySlowMs = 100;
const framesPerQuickVerdict = 2;
const slowMs = 27;
const quickMs = 18.5;
/** A longer gap is a pause, not a frame. */
const gapMsMax = 1500;
const patienceMsMin = 6000;
const patienceMsMax = 240_000;

export const startQuality = (step = 0): Quality => ({
  step,
  sum: 0,
  frames: 0,
  quickSinceMs: null,
  patienceMs: patienceMsMin,
  steppedUpAtMs: Number.NEGATIVE_INFINITY,
});

/** What follows from one more frame. `stepMin` is the first step that differs on this screen. */
export function afterFrame(quality: Quality, frame: { ms: number; nowMs: number; stepMin: number }): Quality {
  if (frame.ms > gapMsMax || frame.ms <= 0) return quality;
  const sum = quality.sum + frame.ms;
  const frames = quality.frames + 1;
  const isPlain = frames >= framesPerQuickVerdict && sum / frames > verySlowMs;
  if (frames < framesPerVerdict && !isPlain) return { ...quality, sum, frames };
  const mean = sum / frames;
  const next = { ...quality, sum: 0, frames: 0 };
  if (mean > slowMs) return stepDown(next, mean, frame.nowMs);
  if (mean > quickMs) return { ...next, quickSinceMs: null };
  const quickSinceMs = next.quickSinceMs ?? frame.nowMs;
  if (next.step <= frame.stepMin || frame.nowMs - quickSinceMs < next.patienceMs) return { ...next, quickSinceMs };
  return { ...next, step: next.step - 1, quickSinceMs: null, steppedUpAtMs: frame.nowMs };
}

function stepDown(quality: Quality, mean: number, nowMs: number): Quality {
  const wasTooMuch = nowMs - quality.steppedUpAtMs < patienceMsMin;
  return {
    ...quality,
    // Far too slow is not tried step by step.
    step: Math.min(
      qualitySteps.length - 1,
      quality.step + (mean > verySlowMs ? qualitySteps.length : mean > slowMs * 3 ? 2 : 1),
    ),
    quickSinceMs: null,
    patienceMs: wasTooMuch ? Math.min(patienceMsMax, quality.patienceMs * 2) : quality.patienceMs,
  };
}

/** Where the main processor draws, nothing is measured: the planet is drawn small while it moves (`backdrop.ts`), and nothing moves by itself. */
export const softwareStep: QualityStep = {
  pixelRatioMax: 1,
  textureWidth: 2048,
  isRich: true,
  hasPulse: false,
  hasFades: false,
};

/** The best step that a screen of this pixel ratio can show: steps above it would be the same picture. */
export function firstStepFor(devicePixelRatio: number): number {
  const index = qualitySteps.findIndex((step) => step.pixelRatioMax <= devicePixelRatio);
  if (index <= 0) return 0;
  const before = qualitySteps[index - 1];
  return before && before.pixelRatioMax > devicePixelRatio && qualitySteps[index]?.pixelRatioMax === devicePixelRatio
    ? index
    : index - 1;
}
