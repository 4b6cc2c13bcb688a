/** The picture quality that is drawn with: chosen by hand, or by what the frames took; fixed where the main processor draws. */
import { afterFrame, firstStepFor, qualitySteps, softwareStep, startQuality, type QualityStep } from './quality.ts';

interface KeptQuality {
  /** The step to draw with; the screen is told of its pixel ratio. */
  apply: (chosen: number | undefined) => QualityStep;
  /** True where a frame that took so long asks for another step. */
  tookFrame: (frame: { ms: number; nowMs: number; isHeld: boolean }) => boolean;
  readonly step: number;
  readonly pixelRatio: number;
  /** One beyond the steps where the main processor draws. */
  shownStep: (chosen: number | undefined) => number;
}

const heldPauseMs = 400;

export function keepQuality({
  isSoftware,
  setPixelRatio,
}: {
  isSoftware: boolean;
  setPixelRatio: (ratio: number) => void;
}): KeptQuality {
  let quality = startQuality(firstStepFor(window.devicePixelRatio));
  let pixelRatio = 0;
  return {
    get step() {
      return quality.step;
    },
    get pixelRatio() {
      return pixelRatio;
    },
    apply(chosen) {
      const step = isSoftware ? softwareStep : (qualitySteps[chosen ?? quality.step] ?? qualitySteps[0]);
      const ratio = Math.min(window.devicePixelRatio, step.pixelRatioMax);
      if (ratio !== pixelRatio) {
        pixelRatio = ratio;
        setPixelRatio(ratio);
      }
      return step;
    },
    tookFrame({ ms, nowMs, isHeld }) {
      // A hand that holds still asks for no frames.
      if (isSoftware || (isHeld && ms > heldPauseMs)) return false;
      const before = quality.step;
      quality = afterFrame(quality, { ms, nowMs, stepMin: firstStepFor(window.devicePixelRatio) });
      return quality.step !== before;
    },
    shownStep: (chosen) => (isSoftware ? qualitySteps.length : (chosen ?? quality.step)),
  };
}
