import { caughtUp } from './caught-up.ts';

interface OneByOne {
  /** Whether the picture before is still being drawn; then the one that is asked for comes after it. */
  mustWait: () => boolean;
  /** A picture was asked of the context. */
  begun: () => void;
  /** What the last picture took; null where nobody waited for it. */
  readonly drawMs: number | null;
}

const lookEveryMs = 4;

/** Where the main processor draws, pictures asked for ahead only delay what comes after them: the next waits for this one. */
export function drawOneByOne(
  context: WebGLRenderingContext | WebGL2RenderingContext,
  { isSoftware, tookMs, invalidate }: { isSoftware: boolean; tookMs: (ms: number) => void; invalidate: () => void },
): OneByOne {
  let drawMs: number | null = null;
  let isBeingDrawn = false;
  let isAskedAgain = false;
  const wait = async (gl: WebGL2RenderingContext) => {
    const began = performance.now();
    isBeingDrawn = true;
    await caughtUp(gl, lookEveryMs);
    isBeingDrawn = false;
    drawMs = performance.now() - began;
    tookMs(drawMs);
    if (isAskedAgain) invalidate();
    isAskedAgain = false;
  };
  return {
    get drawMs() {
      return drawMs;
    },
    mustWait() {
      isAskedAgain = isBeingDrawn;
      return isBeingDrawn;
    },
    begun() {
      if (isSoftware && context instanceof WebGL2RenderingContext) void wait(context);
    },
  };
}
