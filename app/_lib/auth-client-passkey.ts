import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { z } from 'zod';

/** As `passkeyCeremony` of the contracts comes to the browser. */
interface Ceremony {
  challengeId: string;
  options: Record<string, unknown>;
}

/** As `passkeyAnswer` of the contracts goes back. */
export interface PasskeyGiven {
  challengeId: string;
  response: Record<string, unknown>;
}

const hasChallenge = z.looseObject({ challenge: z.string() });
const creation = z.custom<PublicKeyCredentialCreationOptionsJSON>((given) => hasChallenge.safeParse(given).success);
const request = z.custom<PublicKeyCredentialRequestOptionsJSON>((given) => hasChallenge.safeParse(given).success);

export const canUsePasskeys = (): boolean => browserSupportsWebAuthn();
export const canOfferPasskeys = (): Promise<boolean> => browserSupportsWebAuthnAutofill();

/** Makes a key in one of the person's devices. */
export async function makePasskey({ challengeId, options }: Ceremony): Promise<PasskeyGiven> {
  const response = await startRegistration({ optionsJSON: creation.parse(options) });
  return { challengeId, response: { ...response } };
}

/** `isOffered`: the browser shows it among what it fills into the field, and waits as long as the page stands. */
export async function askPasskey(
  { challengeId, options }: Ceremony,
  { isOffered = false }: { isOffered?: boolean } = {},
): Promise<PasskeyGiven> {
  const response = await startAuthentication({ optionsJSON: request.parse(options), useBrowserAutofill: isOffered });
  return { challengeId, response: { ...response } };
}

/** Ends a ceremony that waits. */
export const stopPasskey = (): void => WebAuthnAbortService.cancelCeremony();

/** The person closed the browser's dialog, or its time ran out: nothing to complain of. */
export const isPasskeyDismissed = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'NotAllowedError' || error.name === 'AbortError');

/** The device holds a key of this account. */
export const isPasskeyThere = (error: unknown): boolean => error instanceof Error && error.name === 'InvalidStateError';
