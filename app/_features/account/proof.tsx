'use client';

import { createContext, use, useRef, useState, type ReactNode } from 'react';

import { faultDetails } from '../../_lib/auth-client-fault.ts';
import { ProofDialog } from './proof-dialog.tsx';

/** The person closed the dialog: what they wanted is not done, and nothing is to be said of it. */
class ProofWithheld extends Error {}

type Proved = <T>(work: () => Promise<T>) => Promise<T>;
const ProofContext = createContext<Proved | null>(null);

/** Does `work`; where the server asks for a fresh proof of who is there, asks the person and does it again. */
export function useProved(): Proved {
  const proved = use(ProofContext);
  if (!proved) throw new Error('useProved stands outside of ProofProvider');
  return proved;
}

export const isWithheld = (error: unknown): boolean => error instanceof ProofWithheld;

export function ProofProvider({ children }: { children: ReactNode }) {
  const [isAsking, setIsAsking] = useState(false);
  const settle = useRef<((isProved: boolean) => void) | null>(null);
  const [proved] = useState<Proved>(() => async <T,>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (faultDetails(error).reason !== 'proof') throw error;
      const isProved = await new Promise<boolean>((resolve) => {
        settle.current?.(false);
        settle.current = resolve;
        setIsAsking(true);
      });
      if (!isProved) throw new ProofWithheld('no proof was given', { cause: error });
      return work();
    }
  });
  const answer = (isProved: boolean) => {
    setIsAsking(false);
    settle.current?.(isProved);
    settle.current = null;
  };
  return (
    <ProofContext value={proved}>
      {children}
      {isAsking ? <ProofDialog onProved={() => answer(true)} onClose={() => answer(false)} /> : null}
    </ProofContext>
  );
}
