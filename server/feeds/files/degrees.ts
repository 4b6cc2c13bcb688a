const decimal = /^([+-]?\d{1,3}(?:[.,]\d+)?)\s*°?\s*([NSEW])?$/i;
const sexagesimal =
  /^([+-]?\d{1,3})\s*[°度d:]\s*(\d{1,2}(?:\.\d+)?)\s*(?:['′分m:]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:["″秒s]|'')?)?\s*([NSEW])?$/i;

/** `35.68`, `35,68`, `139.7 E`, `35°41'22"N`, `北緯35度41分22秒`; null for anything else. */
export function degreesOf(text: string): number | null {
  const plain = withLetter(text.normalize('NFKC').trim());
  const simple = decimal.exec(plain);
  if (simple) return signed(Number((simple[1] ?? '').replace(',', '.')), simple[2]);
  const parts = sexagesimal.exec(plain);
  if (!parts) return null;
  const [degrees, minutes, seconds] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)];
  if (minutes >= 60 || seconds >= 60) return null;
  const size = Math.abs(degrees) + minutes / 60 + seconds / 3600;
  return signed((parts[1] ?? '').startsWith('-') ? -size : size, parts[4]);
}

/** Latitude and longitude in one text, apart by a comma, a semicolon or a blank. */
export function pairOf(text: string): [number, number] | null {
  const plain = text.normalize('NFKC').trim();
  for (const parts of [plain.split(/[,;、]/), plain.split(/\s+/)]) {
    const [latitude, longitude] = parts.map((part) => degreesOf(part));
    if (parts.length === 2 && typeof latitude === 'number' && typeof longitude === 'number')
      return [latitude, longitude];
  }
  return null;
}

function withLetter(text: string): string {
  const letters = { 北緯: 'N', 南緯: 'S', 東経: 'E', 西経: 'W' } as const;
  for (const [word, letter] of Object.entries(letters))
    if (text.startsWith(word)) return `${text.slice(word.length).trim()}${letter}`;
  return text;
}

function signed(value: number, letter: string | undefined): number {
  return /^[SW]$/i.test(letter ?? '') ? -Math.abs(value) : value;
}
