export type PasswordStrength = { word: 'short'; missing: number } | { word: 'plain' | 'fair' | 'good' | 'strong' };

/** As the contract asks (`password`). */
const lengthMin = 12;
/** So few different characters, or a walk along the alphabet, are tried early however long they are. */
const differentMin = 5;
const goodLength = 16;
const strongLength = 22;

/** How long somebody would guess, in a word. Length counts; which kinds of characters it has does not (NIST SP 800-63B-4 §3.1.1.2). */
export function passwordStrength(given: string): PasswordStrength {
  // Code points: what the server counts by is no larger.
  const letters = Array.from(given);
  if (letters.length < lengthMin) return { word: 'short', missing: lengthMin - letters.length };
  if (new Set(letters).size < differentMin || isWalk(letters)) return { word: 'plain' };
  if (letters.length >= strongLength) return { word: 'strong' };
  return { word: letters.length >= goodLength ? 'good' : 'fair' };
}

/** `abcdefghijkl`, `123456789012`: most characters follow the one before. */
function isWalk(letters: readonly string[]): boolean {
  const steps = letters.slice(1).filter((letter, index) => {
    const step = (letter.codePointAt(0) ?? 0) - (letters[index]?.codePointAt(0) ?? 0);
    return Math.abs(step) === 1;
  });
  return steps.length > letters.length * 0.7;
}
