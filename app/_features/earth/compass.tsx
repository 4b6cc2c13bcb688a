'use client';

import { useTranslations } from 'next-intl';

import { Hint } from '../../_ui/hint.tsx';

type CompassProps = {
  /** Degrees clockwise from north of what points up on the screen. */
  heading: number;
  tilt: number;
  onReset: () => void;
};

/** Less is not seen. */
const stillDegrees = 0.5;

/** Where north is while it is not up; pressed, it is. Nothing where the planet stands as it usually does. */
export function Compass({ heading, tilt, onReset }: CompassProps) {
  const t = useTranslations('earth');
  if (Math.abs(heading) < stillDegrees && tilt < stillDegrees) return null;
  const degrees = Math.round(heading + 360) % 360;
  const lean = Math.round(tilt);
  return (
    <Hint text={t('northUp')} side="bottom">
      <button
        type="button"
        aria-label={t('compass', { degrees, lean })}
        onClick={onReset}
        className="glass inline-flex size-11 items-center justify-center rounded-pill border border-line-strong transition-colors hover:bg-hover md:size-9"
      >
        <svg
          aria-hidden="true"
          viewBox="0 0 20 20"
          className="size-5"
          style={{ transform: `rotateX(${lean * 0.8}deg) rotate(${-heading}deg)` }}
        >
          <path d="M10 1.5 13.2 10H6.8Z" className="fill-signal" />
          <path d="M10 18.5 13.2 10H6.8Z" className="fill-faint" />
        </svg>
      </button>
    </Hint>
  );
}
