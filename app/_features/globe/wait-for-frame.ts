const pulseEveryMs = 84;
const lookEveryMs = 100;

interface FrameWait {
  /** A frame was drawn: with `isBusy` the next comes at once, else when there is a reason. */
  after: (isBusy: boolean) => void;
  dispose: () => void;
}

/** When the next frame comes that nobody's hand asks for: with the next pulse, or when the clock or the idle turn wants one. */
export function waitForFrame({
  invalidate,
  isUnseen,
  isPulsing,
  isDue,
}: {
  invalidate: () => void;
  /** Nobody would see it: whoever brings the page back asks for a frame. */
  isUnseen: () => boolean;
  isPulsing: () => boolean;
  isDue: () => boolean;
}): FrameWait {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    if (isUnseen()) return;
    if (isPulsing() || isDue()) invalidate();
    else timer = setTimeout(look, lookEveryMs);
  };
  return {
    after(isBusy) {
      clearTimeout(timer);
      if (isBusy) invalidate();
      else timer = setTimeout(look, isPulsing() ? pulseEveryMs : lookEveryMs);
    },
    dispose() {
      clearTimeout(timer);
    },
  };
}
