import { toRomaji } from 'wanakana';

const kana = /[\u3041-\u3096\u30a1-\u30fa]/u;

const bSounds: Readonly<Record<string, string>> = { ゔぁ: 'ば', ゔぃ: 'び', ゔぇ: 'べ', ゔぉ: 'ぼ' };

/** As people type it: half and full width, capitals, accents and the two kana are one. */
export function foldText(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      // Accents of Latin letters only: the marks of が and パ make another syllable.
      .normalize('NFD')
      .replaceAll(/[\u0300-\u036f]/gu, '')
      .normalize('NFC')
      .replaceAll(/[\u30a1-\u30f6]/gu, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) - 0x60))
      // ヴェネツィア and ベネツィア are the same name.
      .replaceAll(/ゔ[ぁぃぇぉ]?/gu, (sign) => bSounds[sign] ?? 'ぶ')
  );
}

/** Null: it has signs that are read in more than one way (kanji, Cyrillic …). */
const romaji = /^[a-z '’.-]+$/u;

/**
 * How it sounds, with all the ways of writing a long vowel made one (Tōkyō, Toukyou, とうきょう, トーキョー: tokyo). The same is done to both sides, so
 * that what it loses is lost on both. Null where it can't be known.
 */
export function soundOf(text: string): string | null {
  const folded = foldText(text);
  const latin = kana.test(folded) ? toRomaji(folded.replaceAll(/[ー・゠=]/gu, '')) : folded;
  if (!romaji.test(latin)) return null;
  return latin
    .replaceAll(/[ '’.-]/gu, '')
    .replaceAll(/ou/gu, 'o')
    .replaceAll(/([aiueo])\1+/gu, '$1')
    .replaceAll(/m(?=[bmp])/gu, 'n');
}
