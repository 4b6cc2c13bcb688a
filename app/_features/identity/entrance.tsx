import type { ReactNode } from 'react';

/** The quiet page of one form that lets a person in. */
export function Entrance({
  title,
  text,
  isStep = false,
  children,
}: {
  title: string;
  text?: string;
  /** It stands in a frame of steps, which keeps the distances. */
  isStep?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={isStep ? 'max-w-sm pt-6' : 'mx-auto w-full max-w-sm px-5 pt-[14vh] pb-16'}>
      <h1 className="pb-2 text-28 font-semibold">{title}</h1>
      {text ? <p className="pb-2 text-quiet">{text}</p> : null}
      <div className="pt-4">{children}</div>
    </div>
  );
}
