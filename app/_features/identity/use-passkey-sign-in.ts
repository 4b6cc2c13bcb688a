'use client';

import { useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from 'react';

import {
  askPasskey,
  canOfferPasskeys,
  canUsePasskeys,
  isPasskeyDismissed,
  stopPasskey,
  type PasskeyGiven,
} from '../../_lib/auth-client-passkey.ts';
import { signInByPasskey, type SignInOutcome } from '../../_lib/auth-client.ts';
import { useTRPCClient } from '../../_lib/trpc.ts';

/** A challenge of the server is good for five minutes. */
const renewMs = 4 * 60_000;

const unchanging = () => () => undefined;

/** Signing in by passkey: by the button, and, where the browser can, among what it fills into the name's field. */
export function usePasskeySignIn(options: { isOn: boolean; onOutcome: (outcome: SignInOutcome) => void }): {
  canAsk: boolean;
  isAsking: boolean;
  ask: () => Promise<void>;
} {
  const { isOn } = options;
  const client = useTRPCClient();
  const isAble = useSyncExternalStore(unchanging, canUsePasskeys, () => false);
  const [isAsking, setIsAsking] = useState(false);
  // The offer may be taken in the moment in which the button is pressed: whoever comes second has nothing left to do.
  const isSigningIn = useRef(false);
  const signIn = async (given: PasskeyGiven): Promise<SignInOutcome | null> => {
    if (isSigningIn.current) return null;
    isSigningIn.current = true;
    let outcome: SignInOutcome | null = null;
    try {
      outcome = await signInByPasskey(given);
      return outcome;
    } finally {
      isSigningIn.current = outcome?.kind === 'ok';
    }
  };
  const tell = useEffectEvent((outcome: SignInOutcome) => options.onOutcome(outcome));
  const offer = useEffectEvent(async (isOver: () => boolean) => {
    const ceremony = await client.passkeys.signInOptions.mutate();
    if (isOver()) return;
    const given = await askPasskey(ceremony, { isOffered: true });
    if (isOver()) return;
    const outcome = await signIn(given);
    if (outcome) tell(outcome);
  });
  useEffect(() => {
    if (!isOn || isAsking) return undefined;
    let isOver = false;
    const begin = () => {
      // Without it the button is there: what goes wrong here was not asked for.
      canOfferPasskeys()
        .then((can) => (can ? offer(() => isOver) : undefined))
        .catch(() => undefined);
    };
    begin();
    const renewing = setInterval(begin, renewMs);
    return () => {
      isOver = true;
      clearInterval(renewing);
      stopPasskey();
    };
  }, [isOn, isAsking]);
  const ask = async () => {
    setIsAsking(true);
    try {
      const given = await askPasskey(await client.passkeys.signInOptions.mutate());
      const outcome = await signIn(given);
      if (outcome) options.onOutcome(outcome);
    } catch (error) {
      if (!isPasskeyDismissed(error)) options.onOutcome({ kind: 'refused', reason: 'passkey' });
    } finally {
      setIsAsking(false);
    }
  };
  return { canAsk: isOn && isAble, isAsking, ask };
}
